package capacity

// orderSize is what the page's first item weighs.
const orderSize = 743
