// The HTML report of this host and of hostile ones in a real browser: nothing loaded, nothing run, readable, printable.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium, type Page } from 'playwright-core'
import t from 'tap'
import { renderHtml } from '../../report/html/page.ts'
import { comparedReport, hostileTexts, sampleReport, sampleReports } from '../report/sample-reports.ts'
import { runBin } from '../run-bin.ts'
import { findTool, skipFull } from '../tools.ts'

const skip = skipFull('chromium')
if (skip !== false) t.plan(0, skip)
else {
  t.setTimeout(120_000)
  const directory = mkdtempSync(join(tmpdir(), 'gabion-html-'))
  const browser = await chromium.launchPersistentContext(join(directory, 'profile'), {
    executablePath: findTool('chromium') ?? 'chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
    viewport: { width: 1280, height: 900 },
  })
  t.teardown(async () => {
    await browser.close()
    rmSync(directory, { recursive: true, force: true })
  })
  const page = await browser.newPage()
  const noise: string[] = []
  page.on('request', request => noise.push(request.url()))
  page.on('console', message => noise.push(message.text()))
  page.on('pageerror', error => noise.push(error.message))

  /** Opens a file and tells what it asked for or complained about, beside itself. */
  const open = async (name: string): Promise<readonly string[]> => {
    noise.length = 0
    const url = pathToFileURL(join(directory, name)).href
    await page.goto(url, { waitUntil: 'networkidle' })
    return noise.filter(text => text !== url)
  }
  const fits = (width: number) => fitsIn(page, width)

  t.test('the report of this host reads well on a screen, a telephone and paper', async t => {
    const { code, stderr } = await runBin('agent', ['scan', '-o', `html=${join(directory, 'host.html')}`])
    t.equal(code, 0, stderr)
    t.same(await open('host.html'), [], 'the browser asks for nothing and has nothing to complain about')
    t.match(await page.title(), /hardening report/)
    t.equal(await page.locator('h1').count(), 1)
    t.ok((await page.locator('.finding').count()) > 0, 'findings are there')
    for (const width of [1280, 768, 390]) t.ok(await fits(width), `nothing sticks out at ${width} pixels`)
    t.ok((await page.pdf({ format: 'A4' })).length > 20_000, 'it prints')
  })

  t.test('the style is let in, in both colour schemes', async t => {
    writeFileSync(join(directory, 'sample.html'), renderHtml([comparedReport()]))
    const colour = async (colorScheme: 'light' | 'dark') => {
      await page.emulateMedia({ colorScheme })
      return page.evaluate<string>('getComputedStyle(document.body).backgroundColor')
    }
    t.same(await open('sample.html'), [])
    t.equal(await colour('light'), 'rgb(244, 245, 247)')
    t.equal(await colour('dark'), 'rgb(16, 20, 27)')
  })

  t.test('text is dark enough on its ground, in both colour schemes', async t => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      t.same(await page.evaluate<string[]>(faintTexts), [], colorScheme)
    }
    await page.emulateMedia({ colorScheme: 'light' })
  })

  t.test('what a host says is shown as text and does nothing', async t => {
    writeFileSync(
      join(directory, 'fleet.html'),
      renderHtml([...sampleReports(), ...hostileTexts.map(text => sampleReport(text, text))]),
    )
    t.same(await open('fleet.html'), [])
    t.equal(await page.locator('script, img, iframe, object').count(), 0)
    const text = await page.innerText('body')
    t.match(text, '<script>alert(1)</script>')
    t.match(text, '\\u{202e}gnp.exe')
    t.ok(await fits(1280), 'nothing sticks out')
    t.ok(await fits(390), 'on a telephone neither')
  })

  t.test('on paper everything is open', async t => {
    await open('sample.html')
    const last = page.getByText('lone', { exact: false }).first()
    const hidden = await last.evaluate(element => element.getBoundingClientRect().height)
    await page.emulateMedia({ media: 'print' })
    const printed = await last.evaluate(element => element.getBoundingClientRect().height)
    t.equal(hidden, 0)
    t.ok(printed > 0)
  })
}

async function fitsIn(page: Page, width: number): Promise<boolean> {
  await page.setViewportSize({ width, height: 900 })
  return page.evaluate<boolean>('document.documentElement.scrollWidth <= document.documentElement.clientWidth')
}

/** Texts whose contrast with what lies behind them is below 4.5, as WCAG 2 wants it of normal text. */
const faintTexts = `(() => {
  const numbers = colour => colour.match(/[\\d.]+/g).map(Number)
  const light = ([r, g, b]) => {
    const [R, G, B] = [r, g, b].map(v => { const c = v / 255; return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4 })
    return 0.2126 * R + 0.7152 * G + 0.0722 * B
  }
  const ground = element => {
    for (let at = element; at; at = at.parentElement) {
      const [r, g, b, a = 1] = numbers(getComputedStyle(at).backgroundColor)
      if (a > 0) return [r, g, b]
    }
    return [255, 255, 255]
  }
  const faint = new Set()
  for (const element of document.querySelectorAll('body *')) {
    const own = [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim() !== '')
    if (!own || element.closest('svg')) continue
    const [a, b] = [light(numbers(getComputedStyle(element).color)), light(ground(element))]
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
    if (contrast < 4.5) faint.add(element.className + ' ' + element.tagName + ' ' + contrast.toFixed(2))
  }
  return [...faint]
})()`
