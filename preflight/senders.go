package preflight

// SenderDomains gives the domains of From and Reply-To of a message, in their compared form. A *RefusedError says that it is no message.
func SenderDomains(raw []byte) ([]string, error) {
	header, err := readHeader(raw)
	if err != nil {
		return nil, err
	}
	var domains []string
	for _, name := range []string{"From", "Reply-To"} {
		addresses, err := header.AddressList(name)
		if err != nil {
			continue // Check finds fault with it
		}
		for _, a := range addresses {
			domains = append(domains, domainOf(a.Address))
		}
	}
	return domains, nil
}
