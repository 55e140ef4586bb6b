// Made by `npm run gen`. Do not edit.

import type { Probe } from './probe.ts'

export const probes: readonly Probe[] = [

]
