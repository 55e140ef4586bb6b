// Reads the version of OpenSSH out of the version of its package.

export interface OpenSshVersion {
  /** such as 9.2p1 */
  readonly text: string
  /** hundreds of the major and the minor: 902 */
  readonly number: number
}

/** `1:9.2p1-2+deb12u10`, `9.6_p1-r0` (Alpine), `8.7p1-43.el9`; undefined for what is none. */
export function parseOpenSshVersion(packageVersion: string): OpenSshVersion | undefined {
  const match = /^(?:\d{1,3}:)?(\d{1,2})\.(\d{1,2})(?:_?p(\d{1,2}))?(?![.\d])/.exec(packageVersion)
  if (!match) return undefined
  const [, major = '', minor = '', portable] = match
  const text = `${major}.${minor}${portable === undefined ? '' : `p${portable}`}`
  return { text, number: Number(major) * 100 + Number(minor) }
}
