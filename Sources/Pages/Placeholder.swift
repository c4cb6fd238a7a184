import Hummingbird
import Logging
import Mustache
