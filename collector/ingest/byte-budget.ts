// Bytes of bodies that all streams together may have under way: taken before a body is asked for, given back on disk.

export interface ByteBudget {
  /** what one stream takes of it */
  share(): ByteShare
  /** whether so many more bytes may be taken; when nothing is under way any number may */
  fits(bytes: number): boolean
  readonly taken: number
}

export interface ByteShare {
  take(bytes: number): void
  give(bytes: number): void
  /** gives back everything; what is given afterwards is no longer its own */
  close(): void
}

export function createByteBudget(mostBytes: number): ByteBudget {
  let taken = 0
  return {
    share() {
      let own = 0
      let isOpen = true
      const change = (bytes: number) => {
        if (!isOpen) return
        own += bytes
        taken += bytes
      }
      return {
        take: bytes => change(bytes),
        give: bytes => change(-bytes),
        close() {
          change(-own)
          isOpen = false
        },
      }
    },
    fits: bytes => taken === 0 || taken + bytes <= mostBytes,
    get taken() {
      return taken
    },
  }
}
