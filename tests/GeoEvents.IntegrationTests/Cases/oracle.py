#!/usr/bin/env python3
"""Reference implementation (oracle) of GeoEvents' relationship state, method 2026.1.

Written from DESIGN.md sections 2-6, the method's tables and the sample case only. Naive on purpose:
every state is computed from scratch by the formulas as they stand in the text.

    oracle.py CASE.json DYAD INSTANT [RECORDED]        one state with everything, as JSON
    oracle.py --check CASE.json EXPECTED.json          compare; exit code 1 if any number differs
"""
import calendar
import json
import math
import os
import re
import sys
from datetime import datetime, timedelta, timezone

DATA = os.environ.get("GEOEVENTS_METHOD", os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../src/GeoEvents/Data"))
UTC = timezone.utc
RECORDED = datetime(2026, 11, 1, tzinfo=UTC)
DAY = timedelta(days=1)

METHOD = json.load(open(DATA + "/method-2026.1.json", encoding="utf-8"))
P = METHOD["parameters"]
RUNGS = {r["rung"]: r for r in METHOD["rungs"]}
TYPES = {t["type"]: t for t in METHOD["types"]}
GOLDSTEIN = {}
for line in open(DATA + "/cameo_goldstein.tsv", encoding="utf-8"):
    if not line.startswith("#") and not line.startswith("code\t"):
        fields = line.rstrip("\n").split("\t")
        GOLDSTEIN[fields[0]] = float(fields[1])

FAST = P["halfLifeFastDays"]
SLOW = P["halfLifeSlowDays"]

# The readings chosen where the text is open (AMBIGUITIES.md). Change one to see which states depend on it.
READING = {
    "measureMustQualify": True,    # A1  an open measure holds posture only if its opener has c, l and intent
    "lowMeasureRisesTo3": True,    # A2  after the dwell a measure holds rung 3 even if its own rung is lower (literal)
    "closedAtClosingTau": True,    # A3  at V = closing tau exactly the measure is closed
    "earlyCloserCounts": True,     # A4  a closer with a tau before the opener's closes the measure at once
    "closerNeedsSameDyad": False,  # A5  a closer closes the measure wherever its own links are
    "sixTakesPartInMax": True,     # A6  credibility 6 counts as p = 0.5 in "strongest of the group"
    "strongestIsHighest": True,    # A7  strongest p is the highest p, not the one farthest from 0.5
    "floorForCooperation": True,   # A8  a cooperative incident that opens a measure holds a floor on k too
    "exactThresholds": True,       # A9  c >= 0.6 is meant mathematically: a tolerance of 1e-9 for rounding
}


# ------------------------------------------------------------------ time

def instant(text):
    """An RFC 3339 instant."""
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(UTC)


def text_of(t):
    return t.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S") + (".%06d" % t.microsecond if t.microsecond else "") + "Z"


def day(y, m=1, d=1):
    return datetime(y, m, d, tzinfo=UTC)


def add_months(y, m, n):
    k = y * 12 + (m - 1) + n
    return k // 12, k % 12 + 1


def edtf_point(s):
    """A date, month, year or date-time -> (earliest, latest), before clipping."""
    if "T" in s:
        # second precision; Z, +hh:mm, +hh, or nothing (read as UTC)
        m = re.fullmatch(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(Z|[+-]\d\d(?::\d\d)?)?", s)
        if not m:
            raise ValueError("EDTF date-time: " + s)
        zone = m.group(2) or "Z"
        zone = "+00:00" if zone == "Z" else zone if ":" in zone else zone + ":00"
        t = datetime.fromisoformat(m.group(1) + zone).astimezone(UTC)
        return t, t + timedelta(seconds=1)
    # qualification: '~' and '%' widen, '?' does not. '~' only after the whole date is taken here;
    # '?' also beside one component (it never moves the interval).
    approximate = s.endswith("~") or s.endswith("%")
    if approximate:
        s = s[:-1]
    s = s.replace("?", "")
    s = s.replace("-XX", "")          # 2023-05-XX: a day in the month; 2023-XX: a month in the year
    m = re.fullmatch(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", s)
    if not m:
        raise ValueError("EDTF: " + s)
    y = int(m.group(1))
    unit = 1 if approximate else 0
    if m.group(2) is None:
        return day(y - unit), day(y + 1 + unit)
    mo = int(m.group(2))
    if m.group(3) is None:
        a = add_months(y, mo, -unit)
        b = add_months(y, mo, 1 + unit)
        return day(*a), day(*b)
    d = day(y, mo, int(m.group(3)))
    return d - unit * DAY, d + DAY + unit * DAY


def edtf(s, recorded):
    """EDTF text -> [earliest, latest) in UTC, the end clipped at the time of recording."""
    if s.startswith("["):             # one of a set: from the earliest member to the latest
        members = []
        for part in s[1:-1].split(","):
            ends = part.strip().split("..")
            members += [edtf_point(e) for e in ends]
        earliest = min(a for a, b in members)
        latest = max(b for a, b in members)
    elif "/" in s:
        a, b = s.split("/")
        if a in ("", ".."):
            raise ValueError("open or unknown start has no tau: " + s)
        earliest = edtf_point(a)[0]
        latest = recorded if b in ("", "..") else edtf_point(b)[1]
    else:
        earliest, latest = edtf_point(s)
    return earliest, min(latest, recorded)


def tau(incident, recorded):
    earliest, latest = edtf(incident["occurred"], recorded)
    if latest - earliest <= timedelta(hours=36):
        return earliest
    return earliest + (latest - earliest) / 2


# ------------------------------------------------------------------ one incident

def logit(p):
    return math.log(p / (1 - p))


def sigma(x):
    return 1 / (1 + math.exp(-x))


def credibility(incident, sources):
    grade = {1: .90, 2: .70, 3: .50, 4: .30, 5: .10, 6: .50}
    r = {"A": 1, "B": .85, "C": .65, "D": .40, "E": .15, "F": .50}
    strongest = {}
    for report in incident.get("reports", []):
        if report.get("credibility") is None:
            continue                                         # ungraded
        if report["credibility"] == 6 and not READING["sixTakesPartInMax"]:
            continue
        source = sources[report["source"]]
        p = 0.5 + (grade[report["credibility"]] - 0.5) * r[source["reliability"]]
        key = (source["group"], report.get("stance", "supports"))
        rank = p if READING["strongestIsHighest"] else abs(p - 0.5)
        if key not in strongest or rank > strongest[key][0]:
            strongest[key] = (rank, p)
    if not strongest:
        return P["unGradedCredibility"]
    total = 0.0
    for (group, stance), (rank, p) in strongest.items():
        total += logit(p) if stance == "supports" else -logit(p)
    return sigma(max(-3.0, min(3.0, total)))


def classify(incident):
    """-> weight g, rung, quad"""
    if incident.get("type"):
        t = TYPES[incident["type"]]
        return t["weight"], t["rung"], t["quad"]
    code = incident["cameo"]
    known = code
    while known not in GOLDSTEIN:                            # the longest known prefix
        known = known[:-1]
    best, best_len = None, 0
    for t in METHOD["types"]:
        for prefix in t["cameo"]:
            if code.startswith(prefix) and len(prefix) > best_len:
                best, best_len = t, len(prefix)
    return GOLDSTEIN[known], best["rung"], best["quad"]


def magnitude(incident):
    deaths = incident.get("deaths") or 0
    hurt = (incident.get("injured") or 0) + (incident.get("detained") or 0)
    return min(2, 1 + 0.25 * math.log10(1 + deaths) + 0.1 * math.log10(1 + hurt))


def prepare(case, recorded=RECORDED):
    """The case with everything about single incidents worked out."""
    sources = {s["id"]: s for s in case["sources"]}
    out = []
    for i in case["incidents"]:
        g, rung, quad = classify(i)
        c = credibility(i, sources)
        m = magnitude(i)
        links = []
        for l in i["links"]:
            a = l["attribution"]
            links.append({"actor": l["actor"], "recipient": l["recipient"], "l": a,
                          "dyad": "-".join(sorted([l["actor"], l["recipient"]])),
                          "h": max(0.0, -g) * c * a * m, "k": max(0.0, g) * c * a * m})
        measure = i.get("measure") or {}
        out.append({"id": i["id"], "tau": tau(i, recorded), "g": g, "rung": rung, "quad": quad, "c": c, "m": m,
                    "intent": i.get("intent", "unknown"), "links": links,
                    "opens": bool(measure.get("opens")), "closes": measure.get("closes")})
    return out


# ------------------------------------------------------------------ contributions

def closing(i, facts, dyad):
    """tau of the closing incident of measure i among the facts known so far; None while it is open."""
    taus = []
    for j in facts:
        if j["closes"] == i["id"]:
            if READING["closerNeedsSameDyad"] and not any(l["dyad"] == dyad for l in j["links"]):
                continue
            if j["tau"] < i["tau"] and not READING["earlyCloserCounts"]:
                continue
            taus.append(max(j["tau"], i["tau"]))
    return min(taus) if taus else None


def phi(impulse, i, closed, half_life, t, floor_applies):
    """Contribution at t of one link's impulse."""
    def decay(start, end):
        return 2.0 ** (-((end - start) / DAY) / half_life)
    if not (i["opens"] and floor_applies):
        return impulse * decay(i["tau"], t)
    floor = RUNGS[i["rung"]]["measureFloor"] * impulse
    if closed is None or t <= closed:
        return max(impulse * decay(i["tau"], t), floor)
    at_closing = max(impulse * decay(i["tau"], closed), floor)
    return at_closing * decay(closed, t)


def sums(facts, dyad, t):
    """H and C of a dyad at t; facts are the incidents with tau <= t."""
    first = dyad.split("-")[0]
    s = {"Hf": 0.0, "Hs": 0.0, "Cf": 0.0, "Cs": 0.0, "Hf_ab": 0.0, "Hf_ba": 0.0, "Hf_material": 0.0, "of": {}}
    for i in facts:
        if not any(l["dyad"] == dyad for l in i["links"]):
            continue
        closed = closing(i, facts, dyad) if i["opens"] else None
        own = 0.0
        for l in i["links"]:
            if l["dyad"] != dyad:
                continue
            f = phi(l["h"], i, closed, FAST, t, True)
            s["Hf"] += f
            s["Hs"] += phi(l["h"], i, closed, SLOW, t, True)
            s["Cf"] += phi(l["k"], i, closed, FAST, t, READING["floorForCooperation"])
            s["Cs"] += phi(l["k"], i, closed, SLOW, t, READING["floorForCooperation"])
            s["Hf_ab" if l["actor"] == first else "Hf_ba"] += f
            if i["quad"] == "material-conflict":
                s["Hf_material"] += f
            own += f
        s["of"][i["id"]] = own
    return s


def saturate(h):
    return 100 * (1 - math.exp(-h / P["saturation"]))


# ------------------------------------------------------------------ posture, measures

def at_least(x, limit):
    return x >= limit - (1e-9 if READING["exactThresholds"] else 0)


def qualifies(i, dyad):
    if not at_least(i["c"], 0.6):
        return False
    if not any(l["dyad"] == dyad and l["l"] >= 0.5 for l in i["links"]):
        return False
    return i["rung"] < 6 or i["intent"] == "deliberate"


def is_open(closed, t):
    if closed is None:
        return True
    return False if READING["closedAtClosingTau"] else t <= closed


def posture(facts, dyad, t):
    rung = 0
    for i in facts:
        if not any(l["dyad"] == dyad for l in i["links"]):
            continue
        dwell = timedelta(days=RUNGS[i["rung"]]["dwellDays"])
        ok = qualifies(i, dyad)
        if ok and t <= i["tau"] + dwell:
            rung = max(rung, i["rung"])
        if i["opens"] and (ok or not READING["measureMustQualify"]):
            closed = closing(i, facts, dyad)
            if i["rung"] >= 5:
                if closed is None or t <= closed + dwell:
                    rung = max(rung, i["rung"])
            elif is_open(closed, t):
                if t <= i["tau"] + dwell:
                    rung = max(rung, i["rung"])
                else:
                    rung = max(rung, 3 if READING["lowMeasureRisesTo3"] else min(3, i["rung"]))
    return rung


# ------------------------------------------------------------------ the state

def band(tension):
    name = None
    for n, low in METHOD["bands"]:
        if tension >= low:
            name = n
    return name


def known_at(prepared, t):
    return [i for i in prepared if i["tau"] <= t]


def tension_at(prepared, dyad, t):
    return saturate(sums(known_at(prepared, t), dyad, t)["Hf"])


def state(prepared, dyad, t):
    """The nine published numbers."""
    facts = known_at(prepared, t)
    s = sums(facts, dyad, t)
    e = P["pressureEpsilonPerDay"]
    both = s["Hf_ab"] + s["Hf_ba"]
    return {
        "hostilityFast": s["Hf"], "hostilitySlow": s["Hs"], "cooperationFast": s["Cf"],
        "tension": saturate(s["Hf"]), "warmth": saturate(s["Cf"]),
        "asymmetry": (s["Hf_ab"] - s["Hf_ba"]) / both if both > 0 else 0.0,
        "pressure": (s["Hf"] * math.log(2) / FAST + e) / (s["Hs"] * math.log(2) / SLOW + e),
        "materialShare": s["Hf_material"] / s["Hf"] if s["Hf"] > 0 else 0.0,
        "rung": posture(facts, dyad, t)}


def relative_level(prepared, dyad, t, now):
    """Percentile of `now` among the tensions at the 1,095 midnights in (t - 1095 d, t], from the first incident on."""
    own = [i["tau"] for i in prepared if i["tau"] <= t and any(l["dyad"] == dyad for l in i["links"])]
    if not own:
        return {"days": 0, "below": 0, "atOrBelow": 0, "percentile": None, "highestSince": None, "highestOfRecord": None}
    midnight = t.replace(hour=0, minute=0, second=0, microsecond=0)
    values = []
    while midnight > t - 1095 * DAY and midnight >= min(own):
        values.append((midnight, tension_at(prepared, dyad, midnight)))
        midnight -= DAY
    below = sum(1 for _, v in values if v < now)
    at_or_below = sum(1 for _, v in values if v <= now)
    higher = [m for m, v in values if v > now]
    return {"days": len(values), "below": below, "atOrBelow": at_or_below,
            "percentile": 100 * at_or_below / len(values) if values else None,
            "highestSince": text_of(max(higher))[:10] if higher else None,
            "highestOfRecord": not higher}


def details(prepared, dyad, t, relative=True):
    facts = known_at(prepared, t)
    s = sums(facts, dyad, t)
    tension = saturate(s["Hf"])
    own = [i for i in facts if any(l["dyad"] == dyad for l in i["links"])]
    first = min((i["tau"] for i in own), default=None)
    days = (t - first) / DAY if first else 0.0
    out = {"band": band(tension),
           "openMeasures": sorted(i["id"] for i in own if i["opens"] and is_open(closing(i, facts, dyad), t)),
           "incidents": len(own), "recordDays": days,
           "baseline": "insufficient" if len(own) < 10 or days < 180 else "sufficient"}
    if relative:
        out["relativeLevel"] = relative_level(prepared, dyad, t, tension)
    parts = []
    for i in own:
        f = s["of"][i["id"]]
        # tension without i: the whole state again without it (a closer left out opens its measure again) ...
        without = saturate(sums([j for j in facts if j["id"] != i["id"]], dyad, t)["Hf"])
        # ... and the mere subtraction of its term, which is the same for all but closers.
        parts.append({"id": i["id"], "tau": text_of(i["tau"]), "phiFast": f,
                      "share": tension * f / s["Hf"] if s["Hf"] > 0 else 0.0,
                      "tensionWithout": without, "tensionMinusTerm": saturate(s["Hf"] - f)})
    out["contributions"] = parts
    return out


# ------------------------------------------------------------------ expected files

def rounded(x, n=9):
    if isinstance(x, float):
        return round(x, n) + 0.0
    if isinstance(x, dict):
        return {k: rounded(v, n) for k, v in x.items()}
    if isinstance(x, list):
        return [rounded(v, n) for v in x]
    return x


def expected(case, pairs, recorded=RECORDED):
    p = prepare(case, recorded)
    return {"case": case["case"], "method": METHOD["method"],
            "note": "Everything recorded at %s, after every instant asked for; to 1e-6." % text_of(recorded),
            "tolerance": 1e-06,
            "states": [dict({"dyad": d, "at": text_of(t)}, **rounded(state(p, d, t))) for d, t in pairs]}


def check(case, exp, recorded=RECORDED):
    """Differences beyond the tolerance, as texts."""
    p = prepare(case, recorded)
    bad = []
    for e in exp["states"]:
        got = state(p, e["dyad"], instant(e["at"]))
        for k, v in e.items():
            if k in got and not abs(got[k] - v) <= exp["tolerance"]:
                bad.append("%s %s %s: expected %r, got %r" % (e["dyad"], e["at"], k, v, got[k]))
    return bad


def load(path):
    return json.load(open(path, encoding="utf-8"))


if __name__ == "__main__":
    a = sys.argv[1:]
    if a and a[0] == "--check":
        exp = load(a[2])
        bad = check(load(a[1]), exp, instant(a[3]) if len(a) > 3 else RECORDED)
        print("\n".join(bad) or "%d states, all within %g" % (len(exp["states"]), exp["tolerance"]))
        sys.exit(1 if bad else 0)
    if len(a) < 3:
        sys.exit(__doc__)
    prepared = prepare(load(a[0]), instant(a[3]) if len(a) > 3 else RECORDED)
    t = instant(a[2])
    print(json.dumps(dict({"dyad": a[1], "at": text_of(t)}, **state(prepared, a[1], t), **details(prepared, a[1], t)),
                     indent=1, ensure_ascii=False))
