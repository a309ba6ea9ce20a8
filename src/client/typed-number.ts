/** How a number that a person has typed is read, for front ends: the same everywhere. */
export { plainAmount, plainCount } from '../core/input/plain-number.js'
