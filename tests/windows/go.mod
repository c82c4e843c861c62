module esign.invalid/windows

go 1.19

require github.com/kluctl/go-embed-python v0.0.0-3.11.11-20241219-1
