package doctor

// cases are every outcome of every check, and how bad it is. The words of each are in
// words.<lang>.yaml.
var cases = map[string]State{
	"url.address.https":   OK,
	"url.address.local":   Warn,
	"url.address.clear":   Bad,
	"url.address.private": Bad,
	"url.address.odd":     Bad,

	"url.dns.found":   OK,
	"url.dns.unknown": Bad,
	"url.dns.private": Bad,
	"url.dns.skipped": Skipped,

	"url.certificate.good":    OK,
	"url.certificate.soon":    Warn,
	"url.certificate.over":    Bad,
	"url.certificate.refused": Bad,
	"url.certificate.none":    Skipped,

	"url.answers.quick":      OK,
	"url.answers.slow":       Warn,
	"url.answers.too_slow":   Bad,
	"url.answers.refused":    Bad,
	"url.answers.none":       Bad,
	"url.answers.elsewhere":  Bad,
	"url.answers.down":       Bad,
	"url.answers.redirected": Bad,

	"url.round_trip.accepted":  OK,
	"url.round_trip.rewritten": Bad,
	"url.round_trip.scheme":    Bad,
	"url.round_trip.refused":   Bad,
	"url.round_trip.imitated":  Bad,
	"url.round_trip.skipped":   Skipped,

	"account.credentials.good":        OK,
	"account.credentials.refused":     Bad,
	"account.credentials.unreachable": Bad,
	"account.credentials.failed":      Warn,

	"account.status.active":    OK,
	"account.status.suspended": Bad,
	"account.status.closed":    Bad,
	"account.trial.full":       OK,
	"account.trial.trial":      Warn,

	"account.clock.right":   OK,
	"account.clock.wrong":   Warn,
	"account.clock.unknown": Skipped,

	"account.balance.enough":  OK,
	"account.balance.low":     Warn,
	"account.balance.empty":   Bad,
	"account.balance.unknown": Skipped,

	"number.exists.found":   OK,
	"number.exists.missing": Bad,
	"number.exists.unknown": Bad,

	"number.capabilities.both":     OK,
	"number.capabilities.no_voice": Bad,
	"number.capabilities.no_texts": Warn,

	"number.voice.ours":        OK,
	"number.voice.empty":       Bad,
	"number.voice.foreign":     Bad,
	"number.voice.other":       Bad,
	"number.voice.method":      Bad,
	"number.voice.application": Bad,
	"number.voice.trunk":       Bad,

	"number.texts.ours":        OK,
	"number.texts.empty":       Bad,
	"number.texts.foreign":     Bad,
	"number.texts.other":       Bad,
	"number.texts.method":      Bad,
	"number.texts.application": Bad,

	"number.fallback.hosted":  OK,
	"number.fallback.foreign": OK,
	"number.fallback.empty":   Bad,
	"number.fallback.ours":    Bad,
	"number.fallback.stale":   Warn,

	"messaging.service.used":     OK,
	"messaging.service.none":     Warn,
	"messaging.service.tollfree": OK,
	"messaging.service.abroad":   OK,
	"messaging.service.unknown":  Bad,
	"messaging.service.outside":  Bad,
	"messaging.service.webhook":  Bad,
	"messaging.service.unset":    Warn,
	"messaging.service.unread":   Skipped,

	"messaging.registration.verified":   OK,
	"messaging.registration.pending":    Warn,
	"messaging.registration.failed":     Bad,
	"messaging.registration.missing":    Bad,
	"messaging.registration.elsewhere":  Skipped,
	"messaging.registration.unread":     Skipped,
	"messaging.registration.no_service": Bad,

	"messaging.opt_out.basic":    OK,
	"messaging.opt_out.advanced": OK,

	"voices.languages.good":     OK,
	"voices.languages.borrowed": OK,
	"voices.languages.missing":  Bad,
	"voices.languages.unknown":  Warn,

	"flow.heard.good":    OK,
	"flow.heard.version": Warn,
	"flow.heard.folder":  Warn,

	"flow.emergency.good":    OK,
	"flow.emergency.assumed": Warn,

	"trouble.heard.lately": OK,
	"trouble.heard.quiet":  Warn,
	"trouble.heard.never":  Warn,

	"trouble.signatures.none": OK,
	"trouble.signatures.some": Warn,

	"trouble.alerts.none":   OK,
	"trouble.alerts.some":   Warn,
	"trouble.alerts.unread": Skipped,

	"trouble.alert.address":  Bad,
	"trouble.alert.slow":     Bad,
	"trouble.alert.tls":      Bad,
	"trouble.alert.answer":   Bad,
	"trouble.alert.twiml":    Warn,
	"trouble.alert.carrier":  Warn,
	"trouble.alert.register": Bad,
	"trouble.alert.country":  Warn,
	"trouble.alert.money":    Bad,
	"trouble.alert.other":    Warn,
}
