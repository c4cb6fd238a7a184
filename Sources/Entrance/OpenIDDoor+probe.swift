// SPDX-License-Identifier: Apache-2.0
public import Desk

extension OpenIDDoor {
    /// Tries the settings as far as that goes without a person: nothing is kept and nobody signs in.
    ///
    /// - Parameter home: where the provider is to send browsers back to.
    public func probe(_ settings: OpenIDSettings, home: String) async -> [EntranceFinding] {
        let said: Discovery
        do throws(EntranceFault) {
            said = try await discovery(settings.issuer, isFresh: true)
        } catch {
            return [EntranceFinding(error.kind == .wrongIssuer ? .issuer : .discovery, fault: error)]
        }
        var findings = [EntranceFinding(.discovery), EntranceFinding(.issuer, detail: said.issuer)]
        findings.append(await keyFinding(said))
        findings.append(Self.pkceFinding(said))
        let wanted = settings.scopes.split(separator: " ").map(String.init)
        let strange = said.scopes.isEmpty ? [] : wanted.filter { !said.scopes.contains($0) }
        findings.append(EntranceFinding(.scopes, detail: strange.joined(separator: " "), isRemark: !strange.isEmpty))
        if settings.endsThere {
            findings.append(
                EntranceFinding(
                    .logout,
                    fault: said.endSession == nil ? EntranceFault(.missingFeature, "end_session_endpoint") : nil
                ))
        }
        findings.append(EntranceFinding(.redirect, detail: home, isRemark: true))
        return findings
    }

    private func keyFinding(_ said: Discovery) async -> EntranceFinding {
        do throws(EntranceFault) {
            let text = try await keySet(said, olderThan: .zero)
            let count = Claims(json: text.utf8)?["keys"]
            guard case .list(let keys) = count, !keys.isEmpty else {
                return EntranceFinding(.keys, fault: EntranceFault(.noKeys))
            }
            let algorithms = said.signingAlgorithms
            if !algorithms.isEmpty, !algorithms.contains("RS256"), !algorithms.contains("ES256") {
                return EntranceFinding(.keys, fault: EntranceFault(.missingFeature, "RS256, ES256"))
            }
            return EntranceFinding(.keys, detail: String(keys.count))
        } catch {
            return EntranceFinding(.keys, fault: error)
        }
    }

    private static func pkceFinding(_ said: Discovery) -> EntranceFinding {
        guard let methods = said.challengeMethods else { return EntranceFinding(.pkce, isRemark: true) }
        let fault = methods.contains("S256") ? nil : EntranceFault(.missingFeature, "PKCE S256")
        return EntranceFinding(.pkce, fault: fault)
    }
}
