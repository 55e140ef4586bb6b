// Every page and answer of the collector opened in a real browser, with all that hosts may say in it: nothing runs, asks or
// is loaded.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import t from 'tap'
import { reportFormats } from '../../collector/api/fleet-report.ts'
import { fillHostileFleet } from '../collector/fill-hostile-fleet.ts'
import { startTestCollector } from '../collector/start-collector.ts'
import { findTool, skipFull } from '../tools.ts'

const skip = skipFull('chromium')
if (skip !== false) t.plan(0, skip)
else {
  t.setTimeout(120_000)
  const collector = await startTestCollector(t)
  const hosts = await fillHostileFleet(t, collector)
  await collector.judged()

  const profile = mkdtempSync(join(tmpdir(), 'gabion-hostile-'))
  const browser = await chromium.launchPersistentContext(profile, {
    executablePath: findTool('chromium') ?? 'chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
    acceptDownloads: false,
  })
  t.teardown(async () => {
    await browser.close()
    rmSync(profile, { recursive: true, force: true })
  })
  const page = await browser.newPage()
  const noise: string[] = []
  page.on('dialog', dialog => {
    noise.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('pageerror', error => noise.push(error.message))
  page.on('request', request => {
    if (!request.url().startsWith(collector.base)) noise.push(request.url())
  })
  page.on('console', message => {
    // A browser asks for an icon of whatever is no page.
    if (message.type() === 'error' && !message.location().url.endsWith('/favicon.ico')) noise.push(message.text())
  })

  t.test('pages for people show it as text', async t => {
    for (const path of ['/', '/login', '/login?failed=1', '/reference']) {
      noise.length = 0
      await page.goto(`${collector.base}${path}`, { waitUntil: 'networkidle' })
      t.same(noise, [], path)
      t.equal(await page.locator('script, img, iframe, object, embed').count(), 0, path)
      t.match(await page.title(), /Gabion/, path)
    }
    await page.goto(`${collector.base}/`)
    t.match(await page.innerText('body'), '<script>alert(1)</script>', 'the overview shows the names')
  })

  t.test('answers for programs run nothing when somebody opens them', async t => {
    const lists = ['hosts', 'drift', 'findings', 'results', 'audit', 'summary', `hosts/${hosts[0]?.id}/facets/small`]
    for (const path of [...lists, ...Object.keys(reportFormats).map(format => `reports/${format}`)]) {
      noise.length = 0
      // What is for a file is none to be shown: then there is nothing to go to.
      await page.goto(`${collector.base}/api/v1/${path}`).catch(error => {
        if (!String(error).includes('Download is starting')) throw error
      })
      t.same(noise, [], path)
      t.not(await page.title(), 'owned', path)
    }
  })
}
