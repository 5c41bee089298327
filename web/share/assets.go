package share

import "encoding/json"

// ReadAssets reads the list of the site's files that tools/site leaves in
// AssetsFile.
func ReadAssets(list []byte) (map[string]string, error) {
	var assets map[string]string
	err := json.Unmarshal(list, &assets)
	return assets, err
}

// AssetsFile is where a site lists its files: {"desk.css":"assets/desk.1a2b.css", …}.
const AssetsFile = "assets.json"
