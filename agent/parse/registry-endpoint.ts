// Reduces the address of a registry or mirror to scheme, host and port, so that no credentials are kept.

export interface RegistryEndpoint {
  /** such as https://mirror.example:5000 */
  readonly endpoint: string
  readonly plainHttp: boolean
}

/** What has no scheme is HTTPS; empty for what is no address. */
export function parseRegistryEndpoint(text: string): RegistryEndpoint {
  const [, scheme, authority = ''] = /^(?:([A-Za-z][A-Za-z0-9+.-]*):\/\/)?([^/?#]*)/.exec(text.trim()) ?? []
  const host = authority.slice(authority.lastIndexOf('@') + 1).toLowerCase()
  const kind = (scheme ?? 'https').toLowerCase()
  if (!/^(?:\[[0-9a-f:.]+\]|[a-z0-9._*-]+)(?::\d{1,5})?$/.test(host)) return { endpoint: '', plainHttp: false }
  return { endpoint: `${kind}://${host}`, plainHttp: kind === 'http' }
}

/** A registry's name, host with port, network or prefix; empty for what is none, which might be anything. */
export function registryName(text: string): string {
  return /^[A-Za-z0-9[\]:.*_/-]{1,255}$/.test(text) ? text : ''
}
