package emulator

import "slices"

func (e *Emulator) showService(s *MessagingService) map[string]any {
	return map[string]any{
		"sid": s.SID, "account_sid": e.account, "friendly_name": "", "inbound_request_url": orNull(s.InboundURL), "use_inbound_webhook_on_number": !s.Keeps,
		"us_app_to_person_registered": s.Campaign == "VERIFIED",
	}
}

func (e *Emulator) listServices(q *restCall) (any, *restError) {
	return metaPage(q, "services", e.services, e.showService)
}

func (e *Emulator) createService(q *restCall) (any, *restError) {
	if q.str("FriendlyName") == "" {
		return nil, badParameter(20001, "Missing required parameter FriendlyName in the post body")
	}
	s := &MessagingService{SID: e.sid("MG"), Keeps: q.str("UseInboundWebhookOnNumber") != "true"}
	e.services = append(e.services, s)
	return e.showService(s), nil
}

func (e *Emulator) pathService(q *restCall) (*MessagingService, *restError) {
	if s := e.service(q.r.PathValue("service")); s != nil {
		return s, nil
	}
	return nil, notFound(q.r.URL.Path)
}

func (e *Emulator) updateService(q *restCall) (any, *restError) {
	s, bad := e.pathService(q)
	if bad != nil {
		return nil, bad
	}
	if q.given("UseInboundWebhookOnNumber") {
		s.Keeps = q.str("UseInboundWebhookOnNumber") != "true"
	}
	return e.showService(s), nil
}

func (e *Emulator) deleteService(q *restCall) (any, *restError) {
	s, bad := e.pathService(q)
	if bad != nil {
		return nil, bad
	}
	e.services = slices.DeleteFunc(e.services, func(other *MessagingService) bool { return other == s })
	return nil, nil
}

func (e *Emulator) listServiceNumbers(q *restCall) (any, *restError) {
	s, bad := e.pathService(q)
	if bad != nil {
		return nil, bad
	}
	var all []*number
	for _, e164 := range s.Numbers {
		if n := e.number(e164); n != nil {
			all = append(all, n)
		}
	}
	return metaPage(q, "phone_numbers", all, func(n *number) map[string]any {
		return map[string]any{"sid": n.sid, "service_sid": s.SID, "phone_number": n.E164}
	})
}

// addServiceNumber refuses a number that is in a service (21710, 21712).
func (e *Emulator) addServiceNumber(q *restCall) (any, *restError) {
	s, bad := e.pathService(q)
	if bad != nil {
		return nil, bad
	}
	n := e.numberBySID(q.str("PhoneNumberSid"))
	switch other := (*MessagingService)(nil); {
	case n == nil:
		return nil, badParameter(21717, "Phone Number Sid is not valid")
	case n.NoTexts:
		return nil, badParameter(21711, "The phone number cannot text")
	default:
		if other = e.serviceOf(n.E164); other != nil {
			return nil, badParameter(21712, "Phone Number or Short Code is associated with another Messaging Service")
		}
	}
	s.Numbers = append(s.Numbers, n.E164)
	return map[string]any{"sid": n.sid, "service_sid": s.SID, "phone_number": n.E164}, nil
}

func (e *Emulator) removeServiceNumber(q *restCall) (any, *restError) {
	s, bad := e.pathService(q)
	if bad != nil {
		return nil, bad
	}
	n := e.numberBySID(q.r.PathValue("number"))
	if n == nil || !slices.Contains(s.Numbers, n.E164) {
		return nil, notFound(q.r.URL.Path)
	}
	s.Numbers = slices.DeleteFunc(s.Numbers, func(e164 string) bool { return e164 == n.E164 })
	return nil, nil
}

func (e *Emulator) listCampaigns(q *restCall) (any, *restError) {
	s, bad := e.pathService(q)
	if bad != nil {
		return nil, bad
	}
	var all []string
	if s.Campaign != "" {
		all = append(all, s.Campaign)
	}
	return metaPage(q, "compliance", all, func(state string) map[string]any {
		return map[string]any{"sid": "QE2c6890da8086d771620e9b13fadeba0b", "messaging_service_sid": s.SID, "campaign_status": state}
	})
}

func (e *Emulator) listVerifications(q *restCall) (any, *restError) {
	var all []*number
	for _, n := range e.numbers {
		if n.Verification != "" && (q.str("TollfreePhoneNumberSid") == "" || q.str("TollfreePhoneNumberSid") == n.sid) {
			all = append(all, n)
		}
	}
	return metaPage(q, "verifications", all, func(n *number) map[string]any {
		return map[string]any{"tollfree_phone_number_sid": n.sid, "status": n.Verification}
	})
}
