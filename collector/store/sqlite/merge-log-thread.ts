// The thread that merges the log of a SQLite file into the file, whenever it is asked to.
import { parentPort, workerData } from 'node:worker_threads'
import type { Merged, MergeRequest } from './merge-log.ts'
import { openMerger } from './open-database.ts'

const merger = openMerger(workerData.path)
parentPort?.on('message', ({ restarts }: MergeRequest) => {
  const merged: Merged = merger.merge()
  if (restarts && merged.merged === merged.pages) merger.restart()
  parentPort?.postMessage(merged)
})
