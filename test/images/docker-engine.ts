// Docker's own engine and its Compose, for whoever is in namespaces of its own: it makes bridges and mounts.
import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { startContainerd, stop } from './container-spec.ts'

export interface DockerEngine {
  /** for `docker` and what starts it */
  readonly environment: Readonly<Record<string, string>>
  /** @returns what `docker` printed. @throws what it said when it fails */
  docker(...args: readonly string[]): string
  /** that the machine has beside the loopback */
  readonly address: string
  stop(): Promise<void>
}

/**
 * `docker compose` of this engine is the docker-compose that Debian has, which does not know that a file may name its
 * project: it is told the name beside the file.
 */
const plugin = `#!/bin/sh
set -eu
if [ "\${1-}" = docker-cli-plugin-metadata ]; then
  echo '{"SchemaVersion":"0.1.0","Vendor":"Docker","Version":"1.29.2"}'
  exit 0
fi
[ "$1 $2" = 'compose -f' ]
file=$3
shift 3
without=$DOCKER_CONFIG/compose.yaml
sed '/^name:/d' "$file" >"$without"
name=$(sed -n 's/^name: *//p' "$file")
exec docker-compose -f "$without" --project-directory "$(dirname "$file")" -p "$name" "$@"
`

/** Of no network that a test knows. */
const address = '10.231.0.1'

/** @param directory that is not there yet, on a file system that layers can be laid over */
export async function startDocker(directory: string): Promise<DockerEngine> {
  const config = join(directory, 'config')
  const plugins = join(config, 'cli-plugins')
  mkdirSync(plugins, { recursive: true })
  writeFileSync(join(plugins, 'docker-compose'), plugin)
  chmodSync(join(plugins, 'docker-compose'), 0o755)
  const socket = `unix://${join(directory, 'docker.sock')}`
  const environment = {
    ...{ PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: directory, DOCKER_CONFIG: config, DOCKER_HOST: socket },
    // The builder that Debian packages.
    DOCKER_BUILDKIT: '0',
  }
  // What a container sees of the host follows what is mounted there.
  execFileSync('mount', ['--make-rshared', '/'])
  execFileSync('ip', ['link', 'set', 'lo', 'up'])
  const containerd = await startContainerd(join(directory, 'containerd'))
  const log = openSync(join(directory, 'docker.log'), 'w')
  const place = (name: string) => join(directory, name)
  const engine = spawn(
    'dockerd',
    [
      ...['--containerd', containerd.socket, '--host', socket, '--bip', `${address}/24`],
      ...['--data-root', place('data'), '--exec-root', place('exec'), '--pidfile', place('pid')],
      ...['--iptables=false', '--ip6tables=false', '--userland-proxy=false'],
    ],
    { env: environment, stdio: ['ignore', log, log] },
  )
  closeSync(log)
  const docker = (...args: readonly string[]) => {
    const options = { env: environment, encoding: 'utf8', stdio: 'pipe', maxBuffer: 2 ** 26 } as const
    return execFileSync('docker', args, options).trim()
  }
  for (let attempt = 0; !answers(docker); attempt += 1) {
    if (attempt === 300 || engine.exitCode !== null)
      throw new Error(readFileSync(join(directory, 'docker.log'), 'utf8').slice(-2_000))
    await delay(200)
  }
  return {
    environment,
    docker,
    address,
    async stop() {
      await stop(engine)
      await containerd.stop()
    },
  }
}

function answers(docker: DockerEngine['docker']): boolean {
  try {
    docker('version')
    return true
  } catch {
    return false
  }
}
