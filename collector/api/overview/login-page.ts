// The login page: one field for an API token.
import { type Html, html } from '../html.ts'
import { page } from '../page.ts'

export function loginPage({ failed }: { readonly failed: boolean }): Html {
  return page(
    { title: 'Gabion: log in', style: '/overview.css' },
    html`<header><h1>Gabion</h1></header>
<section class="login">
<h2>Log in</h2>
${failed ? html`<p class="note" role="alert">That is no API token in force.</p>` : html``}
<form method="post" action="/login">
<label for="token">API token</label>
<input id="token" name="token" type="password" autocomplete="current-password" spellcheck="false" required autofocus>
<button type="submit">Log in</button>
</form>
<p>An administrator makes tokens: <code>gabion-collector api-token create --role viewer</code></p>
</section>`,
  )
}
