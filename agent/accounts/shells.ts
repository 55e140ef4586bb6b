// Tells shells that let somebody in from programs that only say goodbye.

/** Programs that stand in the place of a shell and give nobody a session. */
const refusals = ['nologin', 'false', 'true', 'sync', 'halt', 'shutdown', 'reboot', 'poweroff']
/** Only there is such a name the system's own: /home/mallory/nologin is a program like any other. */
const systemPath = /^(?:\/usr|\/usr\/local)?\/s?bin\/([^/]+)$|^\/run\/current-system\/sw\/bin\/([^/]+)$/

/** Whether a login shell (seventh field of passwd(5)) gives a session. An empty one means /bin/sh. */
export function isInteractiveShell(shell: string): boolean {
  const path = shell.trim()
  if (path === '/dev/null') return false
  const found = systemPath.exec(path)
  const program = found?.[1] ?? found?.[2]
  return program === undefined || !refusals.includes(program)
}
