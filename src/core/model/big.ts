/** Big: exact decimals, by a constructor of our own, since settings of big.js's would hold for the whole host. */
import BigJs from 'big.js'

export const Big = Object.assign(BigJs(), {
  // big.js divides with a limited number of decimals; 40 keeps every unit of the field (down to 1e-8 of a cent per token) exact.
  DP: 40,
  // toFixed() never writes an exponent; these bounds keep toString() from doing so either.
  NE: -60,
  PE: 60,
})
export type Big = BigJs
