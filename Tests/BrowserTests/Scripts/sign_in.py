# SPDX-License-Identifier: Apache-2.0
"""Sign-in from outside: a provider, one that lies, a directory, passkeys, and the preview before any of it counts."""
import urllib.parse

import kit
import office
import outside
from kit import Wrong, expect
from office import go, press, same

# Passkeys are bound to a name; the office of this script is reached by one.
HOME = kit.BASE_URL.replace("127.0.0.1", "localhost")
kit.BASE_URL = HOME
RETURN = HOME + "/sign-in/openid/return"


def play(chromium):
    with kit.desktop(chromium) as admin:
        settle(admin)
        with outside.plain_provider({
            "p1": {"preferred_username": "anan", "name": "นายอนันต์", "groups": ["av-officers", "staff"]},
            "p2": {"preferred_username": "newcomer", "name": "Stranger", "groups": ["students"]},
        }) as issuer:
            provider(admin, issuer)
            preview(admin)
            code_flow(chromium, issuer)
        with outside.strict_provider(RETURN) as strict:
            openid(admin, strict.issuer, "secret")
            lies(chromium, strict)
        with outside.directory() as port:
            by_directory(chromium, admin, port)
        passkeys(chromium, admin)


def says(page, text):
    """Waits until the page says something."""
    expect(page.locator("main")).to_contain_text(text)


def settle(admin):
    """The administrator gives the office a name, and keeps a password of this office."""
    go(admin, "/sign-in")
    admin.locator('button[name="person"]', has_text=office.PEOPLE["prasert"]).click()
    go(admin, "/admin/office")
    admin.locator('[name="address"]').fill(HOME)
    press(admin, "บันทึก")
    go(admin, "/admin/sign-in")
    kit.check(admin, "sign-in-ways")


def openid(admin, issuer, secret):
    go(admin, "/admin/sign-in/openid")
    for name, value in {
        "label": "มหาวิทยาลัยตัวอย่าง", "issuer": issuer, "clientID": "sanyan", "clientSecret": secret,
    }.items():
        admin.locator(f'[name="{name}"]').fill(value)
    admin.locator('[name="isOn"]').set_checked(True)
    press(admin, "บันทึก")


def provider(admin, issuer):
    go(admin, "/admin/sign-in/openid")
    same(admin.locator("code").inner_text(), RETURN, "the address to register")
    admin.locator('[name="label"]').fill("มหาวิทยาลัยตัวอย่าง")
    admin.locator('[name="issuer"]').fill(issuer + "/")
    admin.locator('[name="clientID"]').fill("sanyan")
    press(admin, "ทดสอบ")
    says(admin, "ผู้ให้บริการบอกชื่อไม่ตรงกับที่ตั้งไว้")
    admin.locator('[name="issuer"]').fill(issuer)
    admin.locator('[name="endsThere"]').set_checked(True)
    press(admin, "ทดสอบ")
    expect(admin.locator(".findings li")).to_have_count(7)
    same(admin.locator('.findings li[data-tone="bad"]').count(), 0, "faults of the provider")
    kit.check(admin, "openid-tested")
    admin.locator('[name="clientSecret"]').fill("any")
    admin.locator('[name="isOn"]').set_checked(True)
    press(admin, "บันทึก")
    go(admin, "/admin/sign-in/openid")
    same(admin.locator('[name="clientSecret"]').input_value(), "", "a secret is never shown again")


def preview(admin):
    """Anan is an officer; a rule that says so changes nothing, one that says less takes it away, and nothing is kept."""
    go(admin, "/admin/sign-in/roles")
    admin.locator('[name="linking"][value="username"]').set_checked(True)
    admin.locator('[name="rolesFollow"]').set_checked(True)
    admin.locator('[name="group1"]').fill("av-officers")
    admin.locator('[name="role1"]').select_option("network")
    admin.locator('[name="pasted"]').fill(
        '[{"sub": "p1", "preferred_username": "anan", "groups": ["av-officers", "staff"]},'
        ' {"sub": "p2", "preferred_username": "newcomer", "groups": ["students"]},'
        ' {"sub": "p3", "preferred_username": "prasert", "groups": ["av-officers"]}]')
    press(admin, "ดูผล")
    rows = admin.locator("#preview .notice")
    expect(rows.filter(has_text="ได้ งานเครือข่าย").filter(has_text="เสีย").first).to_be_visible()
    expect(rows.filter(has_text="newcomer").first).to_contain_text("ยังไม่ได้ลงชื่อท่านไว้")
    expect(rows.filter(has_text="prasert").first).to_contain_text("เข้าด้วยรหัสผ่านของสำนักงาน")
    kit.check(admin, "preview")
    admin.locator('[name="role1"]').select_option("officer")
    press(admin, "บันทึก")
    says(admin, "บันทึกการเข้าสู่ระบบแล้ว")


def code_flow(chromium, issuer):
    with kit.desktop(chromium) as page:
        go(page, "/sign-in?to=/calendar")
        kit.check(page, "sign-in")
        page.get_by_role("link", name="เข้าด้วย มหาวิทยาลัยตัวอย่าง").click()
        page.wait_for_url(issuer + "/**")
        page.get_by_role("button", name="p1", exact=True).click()
        page.wait_for_url(HOME + "/calendar")
        expect(page.locator(".who strong")).to_have_text(office.PEOPLE["anan"])
        # Signing out goes there too, by the provider's own page.
        page.get_by_role("button", name="ออกจากระบบ").click()
        page.wait_for_url(issuer + "/oauth2/end_session**")
        query = urllib.parse.parse_qs(urllib.parse.urlparse(page.url).query)
        same(query["post_logout_redirect_uri"], [HOME + "/sign-in"], "where to come back to")
        same(query["id_token_hint"][0].count("."), 2, "parts of the hint")
        go(page, "/calendar")
        same(urllib.parse.urlparse(page.url).path, "/sign-in", "nobody is signed in")
    with kit.desktop(chromium) as page:
        # This provider forgets the state when somebody declines, so its refusal is not believed to be ours.
        for button, words in (("p2", "ยังไม่ได้ลงชื่อท่านไว้"), ("Deny", "ไม่ได้เริ่มจากเบราว์เซอร์นี้")):
            go(page, "/sign-in")
            page.get_by_role("link", name="เข้าด้วย มหาวิทยาลัยตัวอย่าง").click()
            page.get_by_role("button", name=button, exact=True).click()
            page.wait_for_url(RETURN + "**")
            says(page, words)
        same([one["name"] for one in page.context.cookies() if one["name"] == "sanyan"], [], "sessions")


def lies(chromium, strict):
    words = {
        "nonce": "เป็นของการเข้าสู่ระบบครั้งอื่น", "audience": "ออกให้โปรแกรมอื่น", "issuer": "บอกชื่อไม่ตรง",
        "expired": "หมดอายุแล้ว", "future": "ลงเวลาในอนาคต", "kid": "กุญแจที่ไม่รู้จัก", "key": "ลายเซ็นบนบัตรไม่ถูกต้อง",
        "hs256": "ลายเซ็นบนบัตรไม่ถูกต้อง", "none": "ไม่สมบูรณ์",
    }
    with kit.desktop(chromium) as page:
        for lie, said in words.items():
            strict.lie = lie
            page.goto(HOME + "/sign-in/openid?to=/desk")
            says(page, said)
            same([one["name"] for one in page.context.cookies() if one["name"] == "sanyan"], [], f"sessions by {lie}")
        # What comes back is believed in the browser that was sent, and once.
        strict.lie = None
        back = []
        page.on("request", lambda request: back.append(request.url) if request.url.startswith(RETURN) else None)
        go(page, "/sign-in/openid?to=/desk")
        same(urllib.parse.urlparse(page.url).path, "/desk", "where Kanya wanted to go")
        with kit.desktop(chromium) as other:
            other.goto(back[-1])
            says(other, "ไม่ได้เริ่มจากเบราว์เซอร์นี้")
        page.context.clear_cookies(name="sanyan")
        page.goto(back[-1])
        says(page, "ไม่ได้เริ่มจากเบราว์เซอร์นี้")


def by_directory(chromium, admin, port):
    go(admin, "/admin/sign-in/directory")
    for name, value in {
        "label": "มหาวิทยาลัยตัวอย่าง", "host": "127.0.0.1", "port": str(port), "base": outside.BASE, "trial": "malee",
    }.items():
        admin.locator(f'[name="{name}"]').fill(value)
    admin.locator('[name="security"][value="loopback"]').check()
    admin.locator('[name="isOn"]').set_checked(True)
    press(admin, "ทดสอบ")
    says(admin, "พบ: Malee")
    same(admin.locator('.findings li[data-tone="bad"]').count(), 0, "faults of the directory")
    kit.check(admin, "directory-tested")
    press(admin, "บันทึก")
    go(admin, "/admin/sign-in/roles")
    admin.locator('[name="who"]').fill("malee")
    admin.locator('[name="everybody"]').set_checked(True)
    press(admin, "ดูผล")
    expect(admin.locator("#preview .notice").first).to_contain_text("จะผูกกับ " + office.PEOPLE["malee"])
    with kit.phone(chromium) as page:
        go(page, "/sign-in")
        says(page, "ใช้ชื่อผู้ใช้และรหัสผ่านของ มหาวิทยาลัยตัวอย่าง")
        for username, password, words in (
            ("malee", "wrong", "ไม่ถูกต้อง"), ("nobody", "directory-password", "ไม่ถูกต้อง"),
            ("*", "directory-password", "ไม่ถูกต้อง"), ("stranger", "directory-password", "ยังไม่ได้ลงชื่อท่านไว้"),
        ):
            page.locator('[name="username"]').fill(username)
            page.locator('[name="password"]').fill(password)
            press(page, "เข้าสู่ระบบ")
            says(page, words)
        page.locator('[name="username"]').fill("malee")
        page.locator('[name="password"]').fill("directory-password")
        press(page, "เข้าสู่ระบบ")
        same(urllib.parse.urlparse(page.url).path, "/desk", "where Malee is")


def passkeys(chromium, admin):
    go(admin, "/admin/sign-in")
    press(admin, "เปิดใช้พาสคีย์")
    with kit.phone(chromium) as page:
        device = page.context.new_cdp_session(page)
        device.send("WebAuthn.enable")
        phone = device.send("WebAuthn.addVirtualAuthenticator", {"options": {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
            "isUserVerified": True, "automaticPresenceSimulation": True,
        }})["authenticatorId"]
        go(page, "/sign-in")
        page.locator('button[name="person"]', has_text=office.PEOPLE["wichai"]).click()
        go(page, "/me")
        page.locator('[name="passkeyName"]').fill("โทรศัพท์ผู้อำนวยการ")
        press(page, "เพิ่มพาสคีย์ในเครื่องนี้")
        says(page, "เพิ่มพาสคีย์แล้ว")
        says(page, "ยังไม่เคยใช้")
        kit.check(page, "me-passkeys")
        # The same device makes no second one.
        page.get_by_role("button", name="เพิ่มพาสคีย์ในเครื่องนี้").click()
        says(page, "เครื่องนี้มีพาสคีย์ของท่านอยู่แล้ว")
        by_passkey(page)
        go(page, "/me")
        says(page, "ใช้ล่าสุด")
        unverified(page, device, phone)
        copied(page, device, phone)
        go(page, "/sign-in")
        page.locator('button[name="person"]', has_text=office.PEOPLE["wichai"]).click()
        go(page, "/me")
        page.locator("#passkeys summary").click()
        page.locator("#passkeys form button.danger").click()
        says(page, "ลบพาสคีย์แล้ว")
        sign_out(page)
        page.get_by_role("button", name="เข้าด้วยพาสคีย์").click()
        says(page, "สำนักงานไม่รู้จักพาสคีย์นี้")


def sign_out(page):
    page.get_by_role("button", name="ออกจากระบบ").click()
    page.wait_for_url(HOME + "/sign-in**")


def by_passkey(page):
    sign_out(page)
    kit.check(page, "sign-in-phone")
    page.get_by_role("button", name="เข้าด้วยพาสคีย์").click()
    page.wait_for_url(HOME + "/desk")
    expect(page.locator(".who strong")).to_have_text(office.PEOPLE["wichai"])


def unverified(page, device, phone):
    """A device that does not make sure who holds it is refused by the browser, or by us."""
    sign_out(page)
    device.send("WebAuthn.setUserVerified", {"authenticatorId": phone, "isUserVerified": False})
    page.get_by_role("button", name="เข้าด้วยพาสคีย์").click()
    expect(page.locator("[data-trouble]")).to_be_visible()
    same(urllib.parse.urlparse(page.url).path, "/sign-in", "still at the door")
    device.send("WebAuthn.setUserVerified", {"authenticatorId": phone, "isUserVerified": True})


def copied(page, device, phone):
    """A copy of the key whose counter is behind is refused."""
    kept = device.send("WebAuthn.getCredentials", {"authenticatorId": phone})["credentials"]
    same(len(kept), 1, "credentials on the device")
    if kept[0]["signCount"] < 2:
        raise Wrong(f"the device counts {kept[0]['signCount']}")
    device.send("WebAuthn.removeCredential", {"authenticatorId": phone, "credentialId": kept[0]["credentialId"]})
    device.send("WebAuthn.addCredential", {"authenticatorId": phone, "credential": {**kept[0], "signCount": 0}})
    page.get_by_role("button", name="เข้าด้วยพาสคีย์").click()
    says(page, "ตัวนับของพาสคีย์ถอยหลัง")


if __name__ == "__main__":
    with kit.browser(hosts=["127.0.0.1", "localhost"]) as chromium:
        play(chromium)
