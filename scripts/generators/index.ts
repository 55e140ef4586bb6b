// The generators that `npm run gen` runs, in order.
import { catalog } from './catalog.ts'
import { grpcTypes } from './grpc-types.ts'
import { reference } from './reference.ts'
import { registries } from './registries.ts'

export interface GeneratedFile {
  /** path below the repository root */
  readonly path: string
  readonly content: string
}

/** Makes files from what stands below `root`; touches no disk but for reading. */
export type Generator = (root: string) => readonly GeneratedFile[] | Promise<readonly GeneratedFile[]>

export const generators: readonly Generator[] = [registries, grpcTypes, catalog, reference]
