// The key of a host that proves itself by a certificate of ours.

export const enrolledKey = (hostId: string): string => `enrolled:${hostId}`
