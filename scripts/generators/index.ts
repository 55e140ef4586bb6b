// The generators that `npm run gen` runs, in order.

export interface GeneratedFile {
  /** path below the repository root */
  readonly path: string
  /** undefined for a file that is not to be there any more */
  readonly content: string | undefined
}

/** Makes files from what stands below `root`; touches no disk but for reading. */
export type Generator = (root: string) => readonly GeneratedFile[] | Promise<readonly GeneratedFile[]>

/**
 * Each stage is loaded after the one before has been written: the catalog and the reference pages are made from modules
 * that import the registries.
 */
export const stages: readonly (() => Promise<readonly Generator[]>)[] = [
  async () => [(await import('./registries.ts')).registries, (await import('./grpc-types.ts')).grpcTypes],
  async () => [
    (await import('./catalog.ts')).catalog,
    (await import('./reference.ts')).reference,
    (await import('./metrics.ts')).metricsPage,
  ],
  async () => [(await import('./check-pages.ts')).checkPages, (await import('./benchmarks.ts')).coveragePages],
]
