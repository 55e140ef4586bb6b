// Made by `npm run gen` from policy/checks and policy/profiles. Do not edit.
import type { Catalog } from './check.ts'

export const catalog: Catalog = {
  "checks": [],
  "profiles": [],
  "digest": "sha256:6d98e9834938b71d8e8f0c9b11c1c07b61bc486e27f3ed587da62fdcd7cf1b63"
}
