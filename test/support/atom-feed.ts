/** Validates an Atom feed with libxml2: well-formed, in the grammar of RFC 4287, and its rules that no grammar can say. */
import { RelaxNGValidator, XmlDocument, XmlElement } from 'libxml2-wasm'

const ATOM = { a: 'http://www.w3.org/2005/Atom' }

// Stricter than the RFC's own: without the elements that our feed does not have, and without extensions.
const GRAMMAR = `<grammar ns="${ATOM.a}" xmlns="http://relaxng.org/ns/structure/1.0"
    datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">
  <start>
    <element name="feed">
      <interleave>
        <ref name="id"/>
        <ref name="title"/>
        <ref name="updated"/>
        <oneOrMore><ref name="author"/></oneOrMore>
        <oneOrMore><ref name="link"/></oneOrMore>
        <optional><element name="generator"><text/></element></optional>
      </interleave>
      <zeroOrMore><ref name="entry"/></zeroOrMore>
    </element>
  </start>
  <define name="entry">
    <element name="entry">
      <interleave>
        <ref name="id"/>
        <ref name="title"/>
        <ref name="updated"/>
        <oneOrMore><ref name="link"/></oneOrMore>
        <optional><element name="published"><data type="dateTime"/></element></optional>
        <optional><element name="summary"><ref name="words"/></element></optional>
        <zeroOrMore>
          <element name="category">
            <attribute name="term"><data type="string"><param name="minLength">1</param></data></attribute>
            <optional><attribute name="label"/></optional>
            <optional><attribute name="scheme"><ref name="address"/></attribute></optional>
          </element>
        </zeroOrMore>
      </interleave>
    </element>
  </define>
  <define name="id"><element name="id"><data type="anyURI"><param name="pattern">urn:uuid:[0-9a-f-]{36}</param></data></element></define>
  <define name="title"><element name="title"><ref name="words"/></element></define>
  <define name="updated"><element name="updated"><data type="dateTime"/></element></define>
  <define name="author"><element name="author"><element name="name"><text/></element></element></define>
  <define name="link">
    <element name="link">
      <attribute name="href"><ref name="address"/></attribute>
      <optional><attribute name="rel"><choice><value>self</value><value>alternate</value></choice></attribute></optional>
      <optional><attribute name="type"><data type="string"><param name="pattern">.+/.+</param></data></attribute></optional>
    </element>
  </define>
  <define name="words">
    <optional><attribute name="type"><choice><value>text</value><value>html</value></choice></attribute></optional>
    <text/>
  </define>
  <define name="address"><data type="anyURI"><param name="pattern">https?://.+</param></data></define>
</grammar>`

// Of each: an XPath that finds what breaks the rule, with the RFC's section.
const RULES = {
  '4.1.1: one link to itself': '/a:feed[count(a:link[@rel="self"]) != 1]',
  '4.1.2: each entry has an alternate': '//a:entry[not(a:link[not(@rel) or @rel="alternate"])]',
  '4.1.2: no two alternates of one type': '//a:entry[count(a:link[not(@rel) or @rel="alternate"]) > 1]',
  '4.2.6: ids are unique': '//a:id[. = preceding::a:id]',
  '4.2.15: nothing is newer than the feed':
    '//a:entry[translate(a:updated, "-:TZ.", "") > translate(/a:feed/a:updated, "-:TZ.", "")]',
}

/** @returns the number of entries. @throws what libxml2 finds wrong, or an Error that names the rule */
export function validateAtom(xml: string): number {
  const grammar = XmlDocument.fromString(GRAMMAR)
  const validator = RelaxNGValidator.fromDoc(grammar)
  const feed = XmlDocument.fromBuffer(Buffer.from(xml))
  try {
    validator.validate(feed)
    for (const [rule, xpath] of Object.entries(RULES)) {
      const [broken] = feed.find(xpath, ATOM)
      if (broken !== undefined)
        throw new Error(`RFC 4287, ${rule}: ${broken instanceof XmlElement ? broken.toString() : broken.content}`)
    }
    return feed.find('/a:feed/a:entry', ATOM).length
  } finally {
    feed.dispose()
    validator.dispose()
    grammar.dispose()
  }
}
