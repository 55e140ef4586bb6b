// The thread that merges the log of a SQLite file into the file, whenever it is asked to.
import { parentPort, workerData } from 'node:worker_threads'
import type { Merged } from './merge-log.ts'
import { openMerger } from './open-database.ts'

const merge = openMerger(workerData.path)
parentPort?.on('message', () => {
  const merged: Merged = merge()
  parentPort?.postMessage(merged)
})
