module wotrus

go 1.18
