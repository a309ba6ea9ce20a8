/** The file that is kept in step with the list of active models. */
import { Type } from 'typebox'
import { option } from './define-option.js'

export const modelsJsonOptions = {
  modelsJsonPath: option(
    'MODELS_JSON_PATH',
    Type.String({
      minLength: 1,
      description: 'a models.json that every sync updates from the provider morpheus; its folder must exist',
    }),
  ),
}
