package vectors

import (
	"github.com/privacy-docket/docket/policies"
	"github.com/privacy-docket/docket/privacy"
)

func oneClickRules() map[string]rule {
	return map[string]rule{"rfc8058.headers_valid": oneClickHeaders, "rfc8058.endpoint": oneClickEndpoint}
}

func oneClickHeaders(_ *policies.Book, in *input) (output, error) {
	fault := privacy.OneClickHeaders{
		ListUnsubscribe:     in.str("List-Unsubscribe"),
		ListUnsubscribePost: in.str("List-Unsubscribe-Post"),
		DKIMSigned:          in.texts("dkim_h"),
	}.Check()
	out := output{"one_click_valid": fault == privacy.FaultNone, "reason": nil}
	if fault != privacy.FaultNone {
		out["reason"] = string(fault)
	}
	return out, nil
}

func oneClickEndpoint(_ *policies.Book, in *input) (output, error) {
	answer := privacy.OneClickRequest{Method: in.str("method"), ContentType: in.str("content_type"), Body: in.str("body")}.Answer()
	out := output{"unsubscribe": answer.Unsubscribe, "status": answer.Status, "redirect": answer.Redirect, "page": nil, "reason": nil}
	if answer.Page != "" {
		out["page"] = answer.Page
	}
	if answer.Fault != "" {
		out["reason"] = answer.Fault
	}
	return out, nil
}
