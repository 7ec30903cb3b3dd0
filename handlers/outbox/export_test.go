package outbox

// SafeFrom is safeFrom.
var SafeFrom = safeFrom
