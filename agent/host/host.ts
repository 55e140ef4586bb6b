// The one door to a host: what a probe may ask of it, and the answers it can get. Types only; `open-host.ts` makes one.

/** Why a source could not be used. An absent file is a plain answer, everything else becomes a gap of the facet. */
export type Failure =
  | { readonly state: 'absent'; readonly path: string; readonly detail: string }
  | {
      readonly state: 'unreadable' | 'tooLarge' | 'notRegular' | 'remote' | 'timedOut' | 'unavailable'
      readonly path: string
      /** errno, limit, kind of file or missing capability; never content */
      readonly detail: string
    }

export type Outcome<T> = { readonly state: 'present'; readonly path: string; readonly value: T } | Failure

export type FileKind = 'file' | 'directory' | 'symlink' | 'fifo' | 'socket' | 'block' | 'character'

export interface FileStat {
  readonly kind: FileKind
  /** permission bits including set-uid, set-gid and sticky: mode & 0o7777 */
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly sizeBytes: number
  /** milliseconds since the epoch */
  readonly modifiedAtMs: number
  /** inode change, milliseconds since the epoch */
  readonly changedAtMs: number
}

export interface DirectoryEntry {
  readonly name: string
  readonly kind: FileKind
}

/** Pieces of one file, read through a descriptor that stays on it; what is asked for past its end is cut short. */
export interface FileParts {
  readonly sizeBytes: number
  /** @param into holds the piece instead of new memory, until the next one is read into it */
  read(offset: number, length: number, into?: Uint8Array): Uint8Array
}

export interface CommandSpec {
  /** name only: looked up in a fixed PATH of the agent's own file system, never in the host's */
  readonly command: string
  readonly args: readonly string[]
  readonly timeoutMs?: number
  readonly maxOutputBytes?: number
}

export interface CommandResult {
  readonly exitCode: number
  readonly stdout: string
  /** first 2 KiB, for error details */
  readonly stderr: string
}

export interface HttpProbe {
  readonly address: string
  readonly port: number
  readonly tls: boolean
  readonly path: string
  readonly timeoutMs?: number
}

/** What a local port answered to one anonymous GET. At most 4 KiB of the body are read. */
export type HttpAnswer =
  | { readonly state: 'closed' | 'silent' | 'failed'; readonly detail: string }
  | {
      readonly state: 'open'
      /** 0 when the port is open but did not speak HTTP */
      readonly status: number
      readonly body: string
      /** such as TLSv1.3, empty without TLS */
      readonly tlsVersion: string
      /** what the port presented, in PEM; left out without TLS */
      readonly certificate?: string
    }

export interface TlsProbe {
  readonly address: string
  readonly port: number
  readonly timeoutMs?: number
}

/** What a local port accepts of TLS. */
export type TlsAnswer =
  | { readonly state: 'closed' | 'silent' | 'failed'; readonly detail: string }
  | {
      readonly state: 'open'
      /** such as TLSv1.2, newest first */
      readonly versions: readonly string[]
      /** IANA names of those below TLS 1.3 that a server in Go can have, in the server's order */
      readonly cipherSuites: readonly string[]
      /** authorities whose client certificates it asks for; -1 when it asks for none, or hides them in TLS 1.3 */
      readonly clientAuthorities: number
    }

/** A question to a kubelet of this host with the agent's own token, which never leaves the host door. */
export interface ConfigzQuestion {
  readonly address: string
  readonly port: number
  /** SHA-256 of certificates as `AB:CD:…`: only a server that presents one of these gets to see the token */
  readonly fingerprints: readonly string[]
  readonly timeoutMs?: number
}

export interface ConfigzAnswer {
  readonly status: number
  /** empty unless the status is 200; bounded */
  readonly body: string
}

export interface Hardware {
  readonly cpuModel: string
  readonly cpuCores: number
  readonly memoryMiB: number
  /** `none` on bare metal */
  readonly virtualization: string
}

/** What a container runtime says over its Unix socket: runtime.v1 of the Kubernetes Container Runtime Interface. */
export interface CriAnswer {
  readonly runtimeName: string
  readonly runtimeVersion: string
  readonly apiVersion: string
  /** pods that are ready, and their containers that run; empty unless asked for */
  readonly sandboxes: readonly CriSandbox[]
  readonly containers: readonly CriContainer[]
}

export interface CriSandbox {
  readonly id: string
  readonly name: string
  readonly namespace: string
  readonly uid: string
  /** runtime handler, empty for the default one */
  readonly handler: string
}

export interface CriContainer {
  readonly id: string
  readonly sandboxId: string
  readonly name: string
  readonly image: string
}

export interface CriQuestion {
  /** absolute path inside the root */
  readonly socket: string
  readonly what: 'version' | 'containers'
  readonly timeoutMs?: number
}

/**
 * A host as seen through its root directory. Every path is absolute *inside the root* and resolved there component by
 * component: neither `..` nor an absolute symbolic link leaves it. Nothing is ever written.
 */
export interface Host {
  /** `/`, `/host` in a pod, a mounted image or a fixture */
  readonly root: string
  /** live: this root's /proc is the procfs of the running kernel; else commands, sockets and /proc are not asked */
  readonly live: boolean

  /**
   * A regular file's content. Bytes that are not UTF-8 arrive as lone surrogates U+DC80…U+DCFF, so nothing is lost.
   * @param options.maxBytes default 1 MiB; a longer file is `tooLarge`
   */
  readText(path: string, options?: { readonly maxBytes?: number }): Promise<Outcome<string>>
  readBytes(path: string, options?: { readonly maxBytes?: number }): Promise<Outcome<Uint8Array>>
  /** For a regular file that is too long to be read whole: open while `use` runs, which reads what it needs. */
  readParts<T>(path: string, use: (file: FileParts) => Promise<T>): Promise<Outcome<T>>
  /** Reads many small files at once, in order; for /proc walks. */
  readTexts(paths: readonly string[], options?: { readonly maxBytes?: number }): Promise<readonly Outcome<string>[]>
  /** Follows symbolic links inside the root unless `follow` is false. */
  stat(path: string, options?: { readonly follow?: boolean }): Promise<Outcome<FileStat>>
  /** Sorted by name. More than `maxEntries` (default 10 000) is `tooLarge`. */
  list(path: string, options?: { readonly maxEntries?: number }): Promise<Outcome<readonly DirectoryEntry[]>>
  /** Target of one symbolic link as written, not resolved. */
  readLink(path: string): Promise<Outcome<string>>
  /** The path after resolving every symbolic link inside the root. */
  realPath(path: string): Promise<Outcome<string>>

  /** Runs a program of the agent's own file system on a live root; `absent` when it is not installed. */
  run(spec: CommandSpec): Promise<Outcome<CommandResult>>
  /** One anonymous GET to an address of the host itself; `absent` on an offline root. */
  probeHttp(probe: HttpProbe): Promise<Outcome<HttpAnswer>>
  /** Which versions and cipher suites an address of the host itself accepts; `absent` on an offline root. */
  probeTls(probe: TlsProbe): Promise<Outcome<TlsAnswer>>
  /** GET /configz of a kubelet; `absent` when the agent was given no token for it, and on an offline root. */
  askConfigz(question: ConfigzQuestion): Promise<Outcome<ConfigzAnswer>>
  /**
   * Asks a container runtime who it is, or also what it runs. `absent` on an offline root, where nothing listens, and
   * when what listens does not speak runtime.v1.
   */
  askCri(question: CriQuestion): Promise<Outcome<CriAnswer>>
  /** CPU, memory and virtualization from systeminformation, asked once per process; `absent` on an offline root. */
  hardware(): Promise<Outcome<Hardware>>
  /** Process ids of the host, ascending; `absent` on an offline root. */
  pids(): Promise<Outcome<readonly number[]>>
}
