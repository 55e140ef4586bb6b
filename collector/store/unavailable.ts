// The database cannot be reached now: what was to be written is not, and may be tried again later.
import { GabionError } from '../../runtime/errors.ts'

export class StoreUnavailable extends GabionError {
  constructor(reason: string, cause?: unknown) {
    super('store', `the database cannot be reached: ${reason}`, { cause })
  }
}
