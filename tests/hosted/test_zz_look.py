import re, io
from tests.hosted.test_centre_pages import filled
from tests.hosted.test_people_and_experts import table, SCHOOLS, PEOPLE, hidden
from tests.hosted.test_centre_window import screens
def test_look(region, hosted_window, client_of, tmp_path):
    filled(region, 60)
    from vsoko_rules.web.hosted.models import Seat, Membership
    Membership.objects.filter(user=region.person("expert-a")).update(municipality=region.schools["gorodskaya-sosh"].municipality)
    Seat.objects.filter(school__in=list(region.schools.values())[:2], who="self").update(state="sent")
    c = client_of("centre")
    c.post(f"/study/{region.study.code}/fields", {"title": "Исследование ВСОКО школ региона", "collect_until": "01.05.2022"})
    page = hosted_window("centre")
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        for n, a in enumerate(screens(region)):
            page.goto(a)
            page.screenshot(path=f"/tmp/shots/{n:02d}-{width}.png", full_page=True)
        page.goto(f"/study/{region.study.code}/import")
        import pathlib
        p = pathlib.Path(tmp_path/"таблица.xlsx"); p.write_bytes(table(SCHOOLS, PEOPLE).read())
        page.set_input_files("#table", str(p)); page.get_by_role("button", name="Посмотреть").click()
        page.wait_for_load_state()
        page.screenshot(path=f"/tmp/shots/20-{width}.png", full_page=True)
        w = [SCHOOLS[0], ["не код!", "Школа", "Заречный", "НОО", "", ""], ["b-2", "", "Заречный", "ПОО", "", ""]]
        p.write_bytes(table(w, PEOPLE).read())
        page.goto(f"/study/{region.study.code}/import")
        page.set_input_files("#table", str(p)); page.get_by_role("button", name="Посмотреть").click()
        page.wait_for_load_state()
        page.screenshot(path=f"/tmp/shots/21-{width}.png", full_page=True)
    page.goto(f"/study/{region.study.code}/people/links"); page.get_by_role("button", name="Выдать").click(); page.wait_for_load_state()
    page.screenshot(path=f"/tmp/shots/22-390.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.screenshot(path=f"/tmp/shots/22-1280.png", full_page=True)
