package preflight_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/preflight"
	"github.com/privacy-docket/docket/privacy"
)

// fault is the good message with one thing wrong, and all that must be found in it.
type fault struct {
	edit     func(raw string) string
	ask      func(q *preflight.Question)
	sign     func(t *testing.T, w *world, raw string) string // in place of the signature of example.com
	dns      func(w *world)
	found    []string
	severity privacy.MailSeverity // of the first one; empty: error
	reason   string               // in the reason of the first one
}

// swap replaces parts of the message, each of which must be there.
func swap(pairs ...string) func(string) string {
	return func(raw string) string {
		for i := 0; i < len(pairs); i += 2 {
			if !strings.Contains(raw, pairs[i]) {
				panic("the good message has no " + pairs[i])
			}
			raw = strings.ReplaceAll(raw, pairs[i], pairs[i+1])
		}
		return raw
	}
}

func to(countries ...string) func(*preflight.Question) {
	return func(q *preflight.Question) { q.Countries = countries }
}

func subject(text string) func(string) string {
	return swap("Tulips and daffodils are 20% off until Sunday\r\nDate", text+"\r\nDate")
}

const (
	htmlUnsubscribe = `<a href="https://example.com/u/7f3c9a?list=garden" style="color: #0050aa">Unsubscribe</a>`
	textUnsubscribe = "Unsubscribe: https://example.com/u/7f3c9a?list=garden\r\n"
	footerInHTML    = `<p class="small">This is`
	listHeader      = "List-Unsubscribe: <https://example.com/u/7f3c9a?list=garden>, <mailto:stop@example.com>\r\n"
	postHeader      = "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
	fromHeader      = "From: Example Garden <news@example.com>\r\n"
)

func (f fault) run(t *testing.T, w *world) preflight.Report {
	t.Helper()
	raw := stored(t, "good-en")
	if f.edit != nil {
		raw = f.edit(raw)
	}
	q := good()
	if f.ask != nil {
		f.ask(&q)
	}
	if f.dns != nil {
		f.dns(w)
	}
	if f.sign != nil {
		raw = f.sign(t, w, raw)
	} else {
		raw = w.sign(t, raw, "example.com")
	}
	return w.check(t, raw, q)
}

func TestEveryFaultAloneIsFoundAndNothingElse(t *testing.T) {
	t.Parallel()
	broken := map[string]bool{}
	for name, f := range faults() {
		for _, rule := range f.found {
			broken[rule] = true
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			report := f.run(t, newWorld(t))
			require.Equal(t, f.found, found(report), "%+v", report.Findings)
			if len(f.found) == 0 {
				return
			}
			if f.severity == "" {
				f.severity = privacy.MailError
			}
			require.Equal(t, f.severity, report.Findings[0].Severity)
			require.Contains(t, report.Findings[0].Reason, f.reason)
			for _, finding := range report.Findings {
				require.NotEmpty(t, finding.Grounds, finding.Rule)
				for _, g := range finding.Grounds {
					require.NotEmpty(t, g.Citation.Text)
					require.True(t, g.Citation.Mark.Valid())
				}
			}
		})
	}
	for _, rule := range preflight.Rules() {
		require.True(t, broken[rule], "no message of this test breaks %s", rule)
	}
}

func faults() map[string]fault {
	all := map[string]fault{}
	for _, part := range []map[string]fault{faultsOfSender(), faultsOfSignature(), faultsOfOneClick(), faultsOfUnsubscribing(), faultsOfSubject(), faultsOfContent(), faultsOfTracking()} {
		for name, f := range part {
			if _, taken := all[name]; taken {
				panic("two faults are called " + name)
			}
			all[name] = f
		}
	}
	return all
}

func faultsOfSender() map[string]fault {
	return map[string]fault{
		"no date":              {edit: swap("Date: Mon, 23 Nov 2026 09:00:00 +0000\r\n", ""), found: []string{"header.missing"}},
		"two subjects":         {edit: swap("Date: ", "Subject: Another one\r\nDate: "), found: []string{"header.repeated"}, reason: "2 times"},
		"two senders":          {edit: swap(fromHeader, "From: a@example.com, b@example.com\r\n"), found: []string{"sender.unreadable"}},
		"no domain verified":   {ask: func(q *preflight.Question) { q.Domains = nil }, found: []string{}},
		"another's domain":     {ask: func(q *preflight.Question) { q.Domains = []string{"example.org"} }, found: []string{"sender.from_unverified", "sender.reply_to_unverified"}},
		"a name that is alike": {ask: func(q *preflight.Question) { q.Domains = []string{"ample.com", "shop.example.com"} }, found: []string{"sender.from_unverified"}, reason: "not among"},
		"a lapsed domain": {ask: func(q *preflight.Question) {
			q.Domains, q.Lapsed = []string{"shop.example.com"}, []string{"example.com"}
		},
			found: []string{"sender.from_unverified"}, reason: "no longer in DNS"},
		"answers elsewhere":                  {edit: swap("hello@shop.example.com", "hello@example.org"), found: []string{"sender.reply_to_unverified"}, severity: privacy.MailWarning},
		"a name with an address":             {edit: swap("Example Garden <news", `"service@bank.com Example Garden" <news`), found: []string{"sender.name_poses"}, reason: "bank.com"},
		"a name with an ending":              {edit: swap("Example Garden <news", `"Example Garden bulbs.org" <news`), found: []string{"sender.name_poses"}, severity: privacy.MailWarning},
		"a name with an ending of one's own": {edit: swap("Example Garden <news", `"Example Garden bulbs.org" <news`), ask: func(q *preflight.Question) { q.Domains = []string{"example.com", "bulbs.org"} }, found: []string{}},
		"a name with its domain":             {edit: swap("Example Garden <news", `"Example Garden shop.example.com" <news`), found: []string{}},
		"a name in two scripts":              {edit: swap("From: Example Garden <news", "From: =?utf-8?q?Ex=D0=B0mple_Garden?= <news"), found: []string{"sender.name_poses"}, reason: "Cyrillic and Latin"},
		"a name with hidden signs":           {edit: swap("From: Example Garden <news", "From: =?utf-8?q?Example_=E2=80=AEGarden?= <news"), found: []string{"sender.name_poses"}, reason: "U+202E"},
		"the sender is not named":            {ask: func(q *preflight.Question) { q.Name = "Another Company" }, found: []string{"sender.unnamed"}},
		"no name to be seen": {edit: swap("Example Garden <news@example.com>", "news@example.com"), ask: func(q *preflight.Question) { q.Name = "" },
			found: []string{"sender.unnamed"}, severity: privacy.MailWarning},
		"the name is in the text": {edit: swap("Example Garden <news@example.com>", "news@example.com"), found: []string{}},
	}
}

func faultsOfSignature() map[string]fault {
	unsigned := func(_ *testing.T, _ *world, raw string) string { return raw }
	by := func(domain string, fields ...string) func(*testing.T, *world, string) string {
		return func(t *testing.T, w *world, raw string) string { return w.sign(t, raw, domain, fields...) }
	}
	changed := func(t *testing.T, w *world, raw string) string {
		return strings.Replace(w.sign(t, raw, "example.com"), "in every shop", "in some shops", 1)
	}
	results := func(value string) func(*testing.T, *world, string) string {
		return func(t *testing.T, w *world, raw string) string {
			return "Authentication-Results: mx.example.com; " + value + "\r\n" + w.sign(t, raw, "example.com")
		}
	}
	trusting := func(q *preflight.Question) { q.AuthServers = []string{"mx.example.com"} }
	return map[string]fault{
		"not signed":          {sign: unsigned, found: []string{"auth.dkim_missing", "oneclick.unsigned"}, reason: ""},
		"a draft":             {sign: unsigned, ask: func(q *preflight.Question) { q.BeforeSigning = true }, found: []string{}},
		"changed after":       {sign: changed, found: []string{"auth.dkim_fails", "auth.dmarc_unaligned", "oneclick.unsigned"}, reason: "body hash"},
		"key not published":   {dns: func(w *world) { w.dns.Set("test._domainkey.example.com") }, found: []string{"auth.dkim_fails", "auth.dmarc_unaligned", "oneclick.unsigned"}, reason: "no key"},
		"no answer":           {dns: func(w *world) { w.dns.Break(true) }, found: []string{"auth.dkim_unverified", "oneclick.unverified"}, severity: privacy.MailWarning, reason: "did not answer"},
		"no DMARC":            {dns: func(w *world) { w.dns.Set("_dmarc.example.com") }, found: []string{"auth.dmarc_missing"}},
		"broken DMARC":        {dns: func(w *world) { w.dns.Set("_dmarc.example.com", "v=DMARC1; p=maybe") }, found: []string{"auth.dmarc_missing"}, reason: "cannot be read"},
		"another's signature": {sign: by("sender.example"), found: []string{"auth.dmarc_unaligned"}, reason: "sender.example"},
		"relaxed alignment":   {sign: by("mail.example.com"), found: []string{}},
		"strict alignment": {sign: by("mail.example.com"), dns: func(w *world) { w.dns.Set("_dmarc.example.com", "v=DMARC1; p=none; adkim=s") },
			found: []string{"auth.dmarc_unaligned"}, reason: "mail.example.com"},
		"one header uncovered": {sign: by("example.com", "From", "Subject", "List-Unsubscribe"), found: []string{"oneclick.unsigned"}, reason: "lacks one"},
		"a second signature fails": {sign: func(t *testing.T, w *world, raw string) string {
			return w.sign(t, strings.Replace(w.sign(t, raw, "sender.example"), "bh=", "bh=AAAA", 1), "example.com")
		}, found: []string{"auth.dkim_fails"}, severity: privacy.MailWarning},
		"SPF fails":              {sign: results("spf=fail smtp.mailfrom=bounce.example.com"), ask: trusting, found: []string{"auth.results_fail"}, severity: privacy.MailWarning, reason: "SPF=fail"},
		"DMARC fails":            {sign: results("dmarc=fail header.from=example.com"), ask: trusting, found: []string{"auth.results_fail"}, reason: "DMARC=fail"},
		"all passes":             {sign: results("spf=pass smtp.mailfrom=example.com; dkim=pass header.d=example.com"), ask: trusting, found: []string{}},
		"results of anybody":     {sign: results("spf=fail smtp.mailfrom=bounce.example.com"), found: []string{}},
		"transactional unsigned": {sign: unsigned, ask: func(q *preflight.Question) { q.Class = privacy.TransactionalMail }, found: []string{"auth.dkim_missing"}},
	}
}

func faultsOfOneClick() map[string]fault {
	return map[string]fault{
		"no list header":              {edit: swap(listHeader, ""), found: []string{"oneclick.missing"}},
		"two list headers":            {edit: swap(listHeader, listHeader+"List-Unsubscribe: <https://example.com/another>\r\n"), found: []string{"oneclick.repeated"}},
		"no brackets":                 {edit: swap("<https://example.com/u/7f3c9a?list=garden>, <mailto:stop@example.com>", "https://example.com/u/7f3c9a"), found: []string{"oneclick.brackets"}},
		"mailto alone":                {edit: swap("<https://example.com/u/7f3c9a?list=garden>, ", ""), found: []string{"oneclick.no_https"}},
		"http":                        {edit: swap("<https://example.com/u/7f3c9a?list=garden>", "<http://example.com/u/7f3c9a?list=garden>"), found: []string{"oneclick.no_https"}},
		"a placeholder in the header": {edit: swap("list=garden>", "list={{list}}>"), found: []string{"unsubscribe.dead"}, reason: "placeholder"},
		"no post header":              {edit: swap(postHeader, ""), found: []string{"oneclick.post_missing"}},
		"another post value":          {edit: swap("=One-Click", "=one-click"), found: []string{"oneclick.post_value"}},
		"transactional without": {edit: swap(listHeader, "", postHeader, ""), ask: func(q *preflight.Question) { q.Class = privacy.TransactionalMail },
			found: []string{}},
	}
}

func faultsOfUnsubscribing() map[string]fault {
	none := swap(htmlUnsubscribe+" |\r\n", "", textUnsubscribe, "")
	onlyHTML := func(edit func(string) string) func(string) string {
		return func(raw string) string { return edit(swap(textUnsubscribe, "")(raw)) }
	}
	hiding := func(style string) func(string) string {
		return onlyHTML(swap(htmlUnsubscribe, strings.Replace(htmlUnsubscribe, "color: #0050aa", style, 1)))
	}
	return map[string]fault{
		"no way out":                   {edit: none, found: []string{"unsubscribe.missing"}},
		"no way out, to Switzerland":   {edit: none, ask: to("CH"), found: []string{"unsubscribe.missing"}},
		"no way out, transactional":    {edit: none, ask: func(q *preflight.Question) { q.Class = privacy.TransactionalMail }, found: []string{}},
		"no way out, US transactional": {edit: none, ask: func(q *preflight.Question) { q.Class, q.Countries = privacy.TransactionalMail, []string{"US"} }, found: []string{}},
		"no way out, CA transactional": {edit: none, ask: func(q *preflight.Question) { q.Class, q.Countries = privacy.TransactionalMail, []string{"CA"} },
			found: []string{"unsubscribe.missing"}, severity: privacy.MailNote},
		"display none":                   {edit: hiding("display:none"), found: []string{"unsubscribe.hidden"}, reason: "display is none"},
		"no size":                        {edit: hiding("font-size: 0"), found: []string{"unsubscribe.hidden"}, reason: "no size"},
		"colour of background":           {edit: hiding("color:#fff"), found: []string{"unsubscribe.hidden"}, reason: "colour is that of its background"},
		"nearly its colour":              {edit: hiding("color: rgb(250, 250, 250)"), found: []string{"unsubscribe.hidden"}, reason: "colour is that of its background"},
		"transparent letters":            {edit: hiding("color: rgba(0,0,0,0)"), found: []string{"unsubscribe.hidden"}, reason: "transparent"},
		"outside the page":               {edit: hiding("position:absolute; left:-9999px"), found: []string{"unsubscribe.hidden"}, reason: "outside"},
		"a box without size":             {edit: hiding("display:block; max-height:0; overflow:hidden"), found: []string{"unsubscribe.hidden"}, reason: "box has no size"},
		"hidden by a sheet":              {edit: onlyHTML(swap(".preview {", ".small a, .preview {")), found: []string{"unsubscribe.hidden"}, reason: "display is none"},
		"hidden by its row":              {edit: onlyHTML(swap(`<p class="small"><a`, `<p class="small" style="visibility:hidden"><a`)), found: []string{"unsubscribe.hidden"}, reason: "visibility"},
		"white in a white row":           {edit: onlyHTML(swap(`<p class="small"><a`, `<p style="background:#123456"><a`, "color: #0050aa", "color: #123456")), found: []string{"unsubscribe.hidden"}},
		"white on a dark row":            {edit: swap(`<p class="small"><a`, `<p style="background:#123456"><a`, "color: #0050aa", "color: #ffffff"), found: []string{}},
		"a colour that is inherited":     {edit: swap(`<p class="small"><a`, `<p style="background:#123456; color: white"><a`, "color: #0050aa", "color: inherit"), found: []string{}},
		"a colour of another notation":   {edit: swap(`<p class="small"><a`, `<p style="background:hsl(0,0%,10%)"><a`, "color: #0050aa", "color: hsl(0 0% 90%)"), found: []string{}},
		"links are white on a dark body": {edit: swap(`<body style="background-color: #ffffff; color: #222222">`, `<body bgcolor="#222222" text="#eeeeee" link="#ffffff">`, "color: #0050aa", "margin: 0", "color: #555555", "margin: 0"), found: []string{}},
		"links are black on a dark body": {edit: onlyHTML(swap(`<body style="background-color: #ffffff; color: #222222">`, `<body bgcolor="#222222" text="#eeeeee" link="#252525">`, "color: #0050aa", "margin: 0", "color: #555555", "margin: 0")), found: []string{"unsubscribe.hidden"}},
		"hidden on telephones":           {edit: swap("<style>", "<style>@media (max-width: 400px) { a { display: none } }"), found: []string{}},
		"overruled":                      {edit: swap("<style>", "<style>a { display: none } p a { display: inline !important }"), found: []string{}},
		"faint": {edit: swap("color: #0050aa\">Unsubscribe", "color: #b5b5b5\">Unsubscribe"), found: []string{"unsubscribe.faint"}, severity: privacy.MailWarning,
			reason: "2.1 to 1"},
		"tiny":                {edit: swap("color: #0050aa\">Unsubscribe", "font-size: 5px\">Unsubscribe"), found: []string{"unsubscribe.faint"}, severity: privacy.MailWarning, reason: "5 pixels"},
		"a placeholder":       {edit: swap("https://example.com/u/7f3c9a?list=garden\"", "{{unsubscribe_url}}\"", textUnsubscribe, ""), found: []string{"unsubscribe.dead"}, reason: "placeholder"},
		"a placeholder twice": {edit: swap("https://example.com/u/7f3c9a?list=garden\"", "*|UNSUB|*\"", textUnsubscribe, "Unsubscribe: *|UNSUB|*\r\n"), found: []string{"unsubscribe.dead"}, reason: "placeholder"},
		"a lone hash":         {edit: swap("https://example.com/u/7f3c9a?list=garden\"", "#\"", textUnsubscribe, ""), found: []string{"unsubscribe.dead"}, reason: "no address"},
		"the own machine":     {edit: swap("https://example.com/u/7f3c9a?list=garden\"", "http://localhost:8080/u\"", textUnsubscribe, ""), found: []string{"unsubscribe.dead"}, reason: "localhost"},
		"not in the text":     {edit: swap(textUnsubscribe, ""), found: []string{"unsubscribe.one_part"}, severity: privacy.MailWarning, reason: "the text does not"},
		"not in the HTML":     {edit: swap(htmlUnsubscribe+" |\r\n", ""), found: []string{"unsubscribe.missing"}, reason: "readers see the HTML"},
		"hidden in the HTML":  {edit: swap(htmlUnsubscribe, strings.Replace(htmlUnsubscribe, "color: #0050aa", "display:none", 1)), found: []string{"unsubscribe.hidden"}},
		"dead in the HTML":    {edit: swap("https://example.com/u/7f3c9a?list=garden\"", "#\""), found: []string{"unsubscribe.dead"}},
		"words without link": {edit: swap(htmlUnsubscribe+" |", "Unsubscribe in your account |", textUnsubscribe, "Unsubscribe in your account.\r\n\r\n\r\n"), found: []string{"unsubscribe.no_link"},
			severity: privacy.MailWarning},
		"by an answer":     {edit: swap(htmlUnsubscribe+" |", "Reply STOP to this message |", textUnsubscribe, "Reply STOP to this message.\r\n\r\n\r\n"), found: []string{}},
		"by the word here": {edit: swap(htmlUnsubscribe, `To unsubscribe, click <a href="https://example.com/u/7f3c9a">here</a>`), found: []string{}},
		"preferences": {edit: swap(">Unsubscribe<", ">Manage preferences<", textUnsubscribe, "Manage preferences: https://example.com/p\r\n\r\n\r\n"),
			found: []string{"unsubscribe.preferences_only"}, severity: privacy.MailWarning},
	}
}

// Findings come worst first, and each law behind one is among those that reach the recipients.
func TestFindingsRestOnLawsThatReachTheRecipients(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	raw := swap(htmlUnsubscribe+" |\r\n", "", textUnsubscribe, "")(stored(t, "good-en"))
	for country, laws := range map[string][]string{
		"CA": {"casl", "mailbox"}, "US": {"can-spam", "mailbox"}, "AU": {"au-spam", "mailbox"}, "GB": {"uk-pecr", "mailbox"}, "DE": {"eu-eprivacy", "mailbox"}, "NO": {"eu-eprivacy", "mailbox"}, "JP": {"mailbox"},
	} {
		q := good()
		q.Countries = []string{country}
		report := w.check(t, w.sign(t, raw, "example.com"), q)
		require.Equal(t, []string{"unsubscribe.missing"}, found(report), country)
		var by []string
		for _, g := range report.Findings[0].Grounds {
			by = append(by, g.Law)
			require.True(t, slices.ContainsFunc(report.Laws, func(l preflight.Law) bool { return l.ID == g.Law }))
		}
		require.Equal(t, laws, by, country)
	}
}
