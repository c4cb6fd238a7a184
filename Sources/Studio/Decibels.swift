// SPDX-License-Identifier: Apache-2.0

// The little of logarithms that meters need, so that nothing pure imports a library of mathematics.

/// Ten times the decimal logarithm of a power; minus infinity for nothing, or for less.
func decibels(power: Double) -> Double {
    guard power > 0 else { return -.infinity }
    guard power.isFinite else { return power }
    var (exponent, significand) = (Double(power.exponent), power.significand)
    // Between 0.7 and 1.41 the series below is short.
    if significand > 1.414_213_562_373_095 { (exponent, significand) = (exponent + 1, significand / 2) }
    // ln m = 2 artanh z = 2 (z + z³/3 + z⁵/5 + …) with z = (m − 1) / (m + 1), at most 0.172.
    let z = (significand - 1) / (significand + 1)
    var (term, sum) = (z, 0.0)
    for odd in stride(from: 1.0, through: 21, by: 2) {
        sum += term / odd
        term *= z * z
    }
    let natural = 2 * sum + exponent * 0.693_147_180_559_945_3
    return natural * 4.342_944_819_032_518
}

/// Twenty times the decimal logarithm of an amplitude.
func decibels(amplitude: Double) -> Double { decibels(power: amplitude * amplitude) }
