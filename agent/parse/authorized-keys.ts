// Counts the keys of an authorized_keys file (sshd(8)) by type; bodies, options and comments are dropped here.

/** Types that OpenSSH knows or knew. Another word in that place is no key to sshd, and might be a secret. */
const keyTypes: ReadonlySet<string> = new Set([
  ...['ssh-ed25519', 'ssh-rsa', 'ssh-dss', 'ssh-xmss@openssh.com'],
  ...['ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521'],
  ...['sk-ssh-ed25519@openssh.com', 'sk-ecdsa-sha2-nistp256@openssh.com'],
  ...['ssh-ed25519-cert-v01@openssh.com', 'ssh-rsa-cert-v01@openssh.com', 'ssh-dss-cert-v01@openssh.com'],
  ...['ecdsa-sha2-nistp256-cert-v01@openssh.com', 'ecdsa-sha2-nistp384-cert-v01@openssh.com'],
  ...['ecdsa-sha2-nistp521-cert-v01@openssh.com', 'sk-ssh-ed25519-cert-v01@openssh.com'],
  ...['sk-ecdsa-sha2-nistp256-cert-v01@openssh.com'],
])

/** @returns number of keys by type, without the lines that sshd would skip */
export function parseAuthorizedKeys(text: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const raw of text.split('\n')) {
    const line = raw.replace(/^[ \t]+/, '')
    if (line.startsWith('#')) continue
    const type = keyType(line) ?? keyType(afterOptions(line))
    if (type !== undefined) counts.set(type, (counts.get(type) ?? 0) + 1)
  }
  return counts
}

/** The type when a line begins with one, and with something that can be its key after it. */
function keyType(line: string): string | undefined {
  const [type = '', body = ''] = line.split(/[ \t]+/, 2)
  return keyTypes.has(type) && /^[A-Za-z0-9+/]{8,}={0,2}\r?$/.test(body) ? type : undefined
}

/** The rest of a line behind its options: a blank ends them, except between double quotes; `\"` ends no quote. */
function afterOptions(line: string): string {
  let quoted = false
  for (let at = 0; at < line.length; at += 1) {
    const char = line[at]
    if (char === '\\' && line[at + 1] === '"') at += 1
    else if (char === '"') quoted = !quoted
    else if (!quoted && (char === ' ' || char === '\t')) return line.slice(at).replace(/^[ \t]+/, '')
  }
  return ''
}
