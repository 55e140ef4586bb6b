// Reduces URLs of servers to scheme, host and port: user names, passwords, paths and queries are left out.

/**
 * `https://user:word@10.0.0.5:2379/x` → `https://10.0.0.5:2379`, `unix:///run/kine.sock` and `unix://kine.sock` as they
 * are; undefined for what is no such URL.
 */
export function serverAddress(url: string): string | undefined {
  if (/^unixs?:\/\/[\w./:-]{1,200}$/.test(url)) return url
  const match =
    /^([a-z][a-z0-9+.-]{0,19}):\/\/(?:[^/?#]*@)?(\[[0-9A-Fa-f:.%]{2,64}\]|[\w.-]{1,253})?(:\d{1,5})?(?:[/?#]|$)/.exec(
      url,
    )
  if (!match) return undefined
  const [, scheme = '', host = '', port = ''] = match
  return host === '' ? undefined : `${scheme}://${host}${port}`
}
