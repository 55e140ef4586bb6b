// The overview in a real browser: what it shows, that hostile names stay text, and that it loads nothing from elsewhere.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import t from 'tap'
import { hostFrom } from '../host-from.ts'
import { findTool, skipFull } from '../tools.ts'
import { createSystem } from '../whole/system.ts'

const skip = skipFull('chromium')
if (skip !== false) t.plan(0, skip)
else {
  t.setTimeout(120_000)
  const evil = '<img src=x onerror=document.title="owned">'

  t.test('the overview shows the verdict of a host and is safe to look at', async t => {
    const host = await hostFrom(t, {
      files: {
        '/etc/hostname': `${evil}\n`,
        '/etc/os-release': 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian"\n',
        '/etc/passwd': `root:x:0:0::/root:/bin/bash\n${evil}:x:0:0::/root:/bin/bash\n`,
        '/etc/group': 'root:x:0:\n',
        '/etc/shadow': 'root:*:20000:0:99999:7:::\n',
      },
    })
    const system = await createSystem(t, ['--root', host.root])
    system.collector.start()
    await system.until(
      'ready',
      () => fetch(`${system.base}/readyz`),
      response => response.ok,
    )
    system.agent.start()
    await system.until(
      'the finding',
      () => system.get<{ items: readonly { readonly check: string }[] }>('results?state=fail'),
      page => page.items.some(item => item.check === 'only-root-has-uid-0'),
    )

    const profile = mkdtempSync(join(tmpdir(), 'gabion-browser-'))
    const browser = await chromium.launchPersistentContext(profile, {
      executablePath: findTool('chromium') ?? 'chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-sync',
      ],
      viewport: { width: 1280, height: 900 },
    })
    t.teardown(async () => {
      await browser.close()
      rmSync(profile, { recursive: true, force: true })
    })
    const page = await browser.newPage()
    const elsewhere: string[] = []
    const problems: string[] = []
    page.on('request', request => {
      if (!request.url().startsWith(system.base)) elsewhere.push(request.url())
    })
    page.on('console', message => {
      if (message.type() === 'error') problems.push(message.text())
    })
    page.on('pageerror', error => problems.push(error.message))
    await page.goto(`${system.base}/`, { waitUntil: 'networkidle' })

    t.match(await page.title(), /Gabion/, 'the title is ours')
    const text = await page.innerText('body')
    t.match(text, 'Only root has uid 0', 'the finding is there')
    t.match(text, evil, 'the hostile name is shown as text')
    t.equal(await page.locator('img').count(), 0, 'and is no element')
    t.same(elsewhere, [], 'nothing is loaded from elsewhere')
    t.same(problems, [], 'the browser has nothing to complain about')
    const overflow = await page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth')
    t.equal(overflow, false, 'nothing sticks out at 1280 pixels')
    await page.setViewportSize({ width: 390, height: 800 })
    const narrow = await page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth')
    t.equal(narrow, false, 'nor on a telephone')
  })
}
