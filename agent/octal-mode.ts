// Permission bits as facts write them.

/** `0644`; empty where they are not known. */
export const octalMode = (mode: number | undefined): string => mode?.toString(8).padStart(4, '0') ?? ''
