// The units that history is summed up in.

export const hourMs = 3_600_000
export const dayMs = 24 * hourMs
/** Number of no check: it stands for all of them. */
export const fleetCheck = 0
