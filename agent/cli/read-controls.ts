// Reads controls files in kube-bench's format from where somebody points at them, with the config.yaml beside them.
import { existsSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { defaultSettings } from '../../policy/controls/default-settings.ts'
import { looksLikeControls, parseControls } from '../../policy/controls/parse-controls.ts'
import { platformBenchmarks } from '../../policy/controls/platform.ts'
import { benchmarkFor, type ControlsSettings, mergeSettings, parseSettings } from '../../policy/controls/settings.ts'
import { PolicyError, problemLine } from '../../policy/policy-error.ts'
import { visible } from '../../policy/visible-text.ts'
import { GabionError, usageError } from '../../runtime/errors.ts'
import { readYamlFiles, type TextFile } from '../../runtime/yaml-files.ts'
import type { ControlsRequest } from '../controls/judge-controls.ts'

/**
 * A file; a directory of files; or a directory of benchmarks, of which one is chosen by the host's version.
 * @param kubernetesVersion asked only where a benchmark has to be chosen; empty when it is not known
 * @throws GabionError (usage, config) naming files, lines and columns
 */
export async function readControls(
  paths: readonly string[],
  kubernetesVersion: () => Promise<string>,
): Promise<readonly ControlsRequest[]> {
  const requests: ControlsRequest[] = []
  for (const path of paths) {
    const stat = statSync(path, { throwIfNoEntry: false })
    if (!stat) throw usageError(`--controls ${path}: there is no such file or directory`)
    requests.push(...(stat.isDirectory() ? await readDirectory(path, kubernetesVersion) : readFiles([path], path)))
  }
  return requests
}

async function readDirectory(
  path: string,
  kubernetesVersion: () => Promise<string>,
): Promise<readonly ControlsRequest[]> {
  const found = yamlOf(path).filter(({ text }) => looksLikeControls(text))
  const own = found.filter(file => dirname(resolve(file.path)) === resolve(path))
  if (own.length > 0) return requestsOf(own, false)
  const benchmarks = Map.groupBy(found, file => basename(dirname(file.path)))
  const only = benchmarks.size === 1 ? [...benchmarks.values()][0] : undefined
  if (only) return requestsOf(only, false)
  if (found.length === 0) throw usageError(`--controls ${path}: there are no controls files`)
  const version = await kubernetesVersion()
  const [ofPlatform] = platformBenchmarks(version, [...benchmarks.keys()])
  const name = ofPlatform ?? benchmarkFor(version, settingsFor(join(path, 'x')))
  const chosen = name === undefined ? undefined : benchmarks.get(name)
  if (chosen) return requestsOf(chosen, false)
  const about =
    version === '' ? 'the version of Kubernetes is not known here' : `none is meant for Kubernetes ${version}`
  const known = [...benchmarks.keys()].slice(0, 8).join(', ')
  throw usageError(`--controls ${path}: ${about}; name the directory of one benchmark, such as ${known}`)
}

function readFiles(paths: readonly string[], option: string): readonly ControlsRequest[] {
  return requestsOf(
    paths.flatMap(path => yamlOf(path, option)),
    true,
  )
}

function yamlOf(path: string, option: string = path): readonly TextFile[] {
  const { files, problems } = readYamlFiles([path])
  if (problems.length > 0) throw usageError(`--controls ${option}: ${problems.map(visible).join('; ')}`)
  return files
}

/** @param insist whether the files were named one by one */
function requestsOf(files: readonly TextFile[], insist: boolean): readonly ControlsRequest[] {
  return guarded(() =>
    files.map(({ path, text }) => ({ controls: parseControls(text, path), settings: settingsFor(path), insist })),
  )
}

/** Of a file: what is built in, under the common config.yaml, under the benchmark's own. */
function settingsFor(file: string): ControlsSettings {
  const directory = dirname(resolve(file))
  const files = [join(dirname(directory), 'config.yaml'), join(directory, 'config.yaml')].filter(path =>
    existsSync(path),
  )
  return guarded(() =>
    files
      .flatMap(path => yamlOf(path))
      .filter(({ text }) => !looksLikeControls(text))
      .map(({ path, text }) => parseSettings(text, path))
      .reduce(mergeSettings, defaultSettings),
  )
}

function guarded<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error
    const lines = error.problems.map(one => `  ${visible(problemLine(one))}`)
    throw new GabionError(
      'config',
      `the controls have ${lines.length === 1 ? 'a problem' : `${lines.length} problems`}\n${lines.join('\n')}`,
    )
  }
}
