using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Sources;

namespace GeoEvents.Incidents;

/// <summary>What one incident's stream adds up to, and what may be decided on it.</summary>
/// <param name="Version">How many facts the stream holds; the ETag.</param>
/// <param name="Position">Of the last fact.</param>
/// <param name="Upstream">The content as its origin last gave it: what a later row of the same origin is compared with.</param>
/// <param name="UpstreamReports">The reports as its origin last gave them; those that analysts attached or withdrew are not its concern.</param>
/// <param name="Digest">Of the origin's latest content and reports.</param>
/// <param name="Import">Id of the import that brought it; null if it was logged by hand.</param>
/// <param name="UpstreamImport">Id of the import that gave the origin's latest content.</param>
/// <param name="Interval">The date resolved at the recording that last stated it.</param>
/// <param name="SetCredibility">c as an analyst set it; null if nobody did.</param>
public sealed record Incident(
    long Version,
    long Position,
    DateTimeOffset RecordedAt,
    IncidentContent Content,
    IReadOnlyList<Report> Reports,
    int ReportsSoFar,
    bool Retracted,
    double? SetCredibility,
    IncidentContent Upstream,
    IReadOnlyList<ReportDraft> UpstreamReports,
    string Digest,
    string? Import,
    string? UpstreamImport,
    ResolvedInterval Interval,
    ChangeClass Change)
{
    /// <summary>Since when its origin does not give it any more; null if it does, or nobody looked.</summary>
    public MissingUpstream? MissingUpstream { get; init; }

    /// <summary>The grade that <see cref="SetCredibility"/> comes from, with its reason; null if nobody set one.</summary>
    public GradeDraft? SetGrade { get; init; }

    /// <summary>The grade as its origin last gave it; null if it gave none.</summary>
    public GradeDraft? UpstreamGrade { get; init; }

    /// <summary>c from the reports alone; null if none is graded.</summary>
    public double? ComputedCredibility { get; } = Credibility.Of(Reports);

    /// <summary>c that counts: the analyst's, else the reports'; null leaves it to the method.</summary>
    public double? EffectiveCredibility => SetCredibility ?? ComputedCredibility;

    /// <summary>
    /// The largest number of independent sources that a supporting report without a grade counted; null if none counted any.
    /// Matters where no report is graded: <see cref="Method.UngradedCredibility"/>.
    /// </summary>
    public int? CountedSources { get; } = Credibility.CountedSources(Reports);

    /// <summary>The state after one more fact.</summary>
    /// <param name="before">Null before the first fact.</param>
    /// <exception cref="InvalidOperationException">The stream does not begin with <see cref="IncidentLogged"/>.</exception>
    public static Incident After(Incident? before, IncidentEvent fact, DateTimeOffset recordedAt, long position)
    {
        var after = (before, fact) switch
        {
            (null, IncidentLogged e) => new Incident(
                0,
                position,
                recordedAt,
                e.Content,
                e.Reports,
                e.Reports.Count,
                false,
                null,
                e.Content,
                [.. e.Reports.Select(r => r.AsGiven())],
                e.Digest,
                e.Import,
                e.Import,
                Resolve(e.Content, recordedAt),
                default),
            (not null, IncidentCorrected e) => before.Corrected(e, recordedAt),
            (not null, IncidentRetracted) => before with { Retracted = true },
            (not null, IncidentReinstated) => before with { Retracted = false },
            (not null, ReportAttached e) => before.WithReports([.. before.Reports, e.Report]) with
            {
                ReportsSoFar = before.ReportsSoFar + 1,
                UpstreamReports = e.Import is null ? before.UpstreamReports : [.. before.UpstreamReports, e.Report.AsGiven()],
            },
            (not null, ReportWithdrawn e) => before.WithReports([.. before.Reports.Where(r => r.Id != e.ReportId)]) with
            {
                UpstreamReports = e.Import is null ? before.UpstreamReports : [.. before.UpstreamReports.Except(before.Reports.Where(r => r.Id == e.ReportId).Select(r => r.AsGiven()))],
            },
            (not null, IncidentGraded e) => before.Graded(e),
            (not null, IncidentMissingUpstream e) => before with { MissingUpstream = new MissingUpstream(e.Import, recordedAt) },
            (not null, IncidentFoundUpstream) => before with { MissingUpstream = null },
            (not null, ReportsRegraded e) => before.WithReports([.. before.Reports.Select(r => Regraded(r, e.Regrades))]),
            _ => throw new InvalidOperationException($"{fact.GetType().Name} cannot follow {(before is null ? "nothing" : "the first fact")}."),
        };

        return after with
        {
            Version = (before?.Version ?? 0) + 1,
            Position = position,
            RecordedAt = recordedAt,
            Change = ChangeClasses.Of(fact, after.Interval.Tau, recordedAt, Methods.Current.Parameters),
        };
    }

    /// <summary>Names fields that were wrong. Fields that already have the given value are left alone.</summary>
    /// <returns>Nothing when nothing differs.</returns>
    /// <exception cref="RefusedException">The incident was retracted.</exception>
    public IEnumerable<IncidentEvent> Correct(IncidentContent corrected, string reason)
    {
        RefuseIfRetracted();
        return IncidentFields.Difference(Content, corrected) is { Count: > 0 } changes
            ? [new IncidentCorrected(changes, reason, [.. Content.Dyads.Union(corrected.Dyads)])]
            : [];
    }

    /// <returns>Nothing when already retracted.</returns>
    public IEnumerable<IncidentEvent> Retract(string reason) => Retracted ? [] : [new IncidentRetracted(reason, Dyads)];

    /// <returns>Nothing when not retracted.</returns>
    public IEnumerable<IncidentEvent> Reinstate(string reason) => Retracted ? [new IncidentReinstated(reason, Dyads)] : [];

    /// <returns>Nothing when an equal report is attached already: feeds deliver at least once.</returns>
    /// <exception cref="RefusedException">The incident was retracted.</exception>
    public IEnumerable<IncidentEvent> Attach(ReportDraft report, Func<string, Source> sourceOf, string? import = null)
    {
        RefuseIfRetracted();
        return Reports.Any(r => r.AsGiven() == report)
            ? []
            : [new ReportAttached(sourceOf(report.Source).Report($"r{ReportsSoFar + 1}", report), Dyads, import)];
    }

    /// <exception cref="RefusedException">There is no such report, or the incident was retracted.</exception>
    public IEnumerable<IncidentEvent> Withdraw(string reportId, string reason)
    {
        RefuseIfRetracted();
        return Reports.Any(r => r.Id == reportId)
            ? [new ReportWithdrawn(reportId, reason, Dyads)]
            : throw RefusedException.NotFound("report", reportId);
    }

    /// <summary>Sets c, or with null gives it back to the reports.</summary>
    /// <returns>Nothing when it is so already.</returns>
    /// <exception cref="RefusedException">The incident was retracted.</exception>
    public IEnumerable<IncidentEvent> Grade(double? credibility, string reason)
    {
        RefuseIfRetracted();
        return credibility == SetCredibility ? [] : [new IncidentGraded(credibility, ComputedCredibility, reason, Dyads)];
    }

    /// <summary>Lets reports take over the grades that their sources have now.</summary>
    /// <param name="findSource">Null for a source that is not asked about; its reports stay as they are.</param>
    /// <returns>Nothing when no grade differs.</returns>
    public IEnumerable<IncidentEvent> Regrade(Func<string, Source?> findSource, string reason)
    {
        RefuseIfRetracted();
        var regrades = (from report in Reports
                        let source = findSource(report.Source)
                        where source is not null
                        where report.Reliability != source.Reliability || report.Group != source.Group
                        select new Regrade(report.Id, report.Reliability, source.Reliability, report.Group, source.Group)).ToList();
        return regrades.Count == 0 ? [] : [new ReportsRegraded(regrades, reason, Dyads)];
    }

    /// <summary>Says that its origin does not give it any more.</summary>
    /// <returns>Nothing when that is on record already.</returns>
    public IEnumerable<IncidentEvent> MissUpstream(string import) => MissingUpstream is null ? [new IncidentMissingUpstream(import, Dyads)] : [];

    /// <returns>Nothing when it was not missed.</returns>
    public IReadOnlyList<IncidentEvent> FindUpstream(string import) => MissingUpstream is null ? [] : [new IncidentFoundUpstream(import, Dyads)];

    /// <summary>
    /// Takes over what the origin changed since it last gave this incident, in content and reports. What analysts corrected, attached or withdrew besides stays.
    /// </summary>
    /// <param name="grade">The analyst's credibility that the origin gives; null if it gives none.</param>
    /// <returns>Nothing when the origin says the same as before. A retracted incident takes the change and stays retracted.</returns>
    /// <exception cref="InvalidRequestException">What the origin changed and what analysts corrected are not one incident together.</exception>
    public IReadOnlyList<IncidentEvent> Reconcile(
        IncidentContent content, IReadOnlyList<ReportDraft> reports, string digest, string import, Func<string, Source> sourceOf, DateTimeOffset recordedAt,
        GradeDraft? grade = null)
    {
        if (digest == Digest)
        {
            return FindUpstream(import);
        }

        var changes = IncidentFields.Difference(Upstream, content)
            .Select(change => change with { Old = IncidentFields.ValueOf(Content, change.Field) })
            .ToList();
        var corrected = IncidentFields.Patch(Content, changes);
        InvalidRequestException.ThrowIfAny(IncidentRules.Check(corrected, Methods.Current, recordedAt).Except(IncidentRules.Check(Content, Methods.Current, recordedAt)));

        var dyads = corrected.Dyads.ToList();
        var gone = Reports.Where(r => UpstreamReports.Contains(r.AsGiven()) && !reports.Contains(r.AsGiven())).ToList();
        var added = reports.Where(r => !UpstreamReports.Contains(r) && !Reports.Any(old => old.AsGiven() == r)).Distinct()
            .Select((r, i) => sourceOf(r.Source).Report($"r{ReportsSoFar + 1 + i}", r)).ToList();
        const string NoLonger = "no longer given upstream";
        return
        [
            .. FindUpstream(import),
            new IncidentCorrected(changes, "changed upstream", [.. Content.Dyads.Union(dyads)], import, digest),
            .. gone.Select(r => new ReportWithdrawn(r.Id, NoLonger, dyads, import)),
            .. added.Select(r => new ReportAttached(r, dyads, import)),
            .. grade == UpstreamGrade
                ? Array.Empty<IncidentEvent>()
                : [new IncidentGraded(grade?.Credibility, Credibility.Of(Reports.Except(gone).Concat(added)), grade?.Reason ?? NoLonger, dyads, import)],
        ];
    }

    private IReadOnlyList<Dyad> Dyads => [.. Content.Dyads];

    private static Report Regraded(Report report, IReadOnlyList<Regrade> regrades) => regrades.FirstOrDefault(r => r.ReportId == report.Id) is { } regrade
        ? report with { Reliability = regrade.NewReliability, Group = regrade.NewGroup }
        : report;

    private static ResolvedInterval Resolve(IncidentContent content, DateTimeOffset recordedAt) =>
        OccurredOn.TryResolve(content, recordedAt, out var interval, out var reason)
            ? interval
            : throw new InvalidOperationException($"Stored date '{content.Occurred}' does not resolve: {reason}");

    private Incident Corrected(IncidentCorrected e, DateTimeOffset recordedAt)
    {
        var content = IncidentFields.Patch(Content, e.Changes);
        var redated = e.Changes.Any(c => c.Field is "occurred" or "zone");
        return this with
        {
            Content = content,
            Interval = redated ? Resolve(content, recordedAt) : Interval,
            Upstream = e.Digest is null ? Upstream : IncidentFields.Patch(Upstream, e.Changes),
            Digest = e.Digest ?? Digest,
            UpstreamImport = e.Digest is null ? UpstreamImport : e.Import,
        };
    }

    private Incident Graded(IncidentGraded e)
    {
        var grade = e.Credibility is null ? null : new GradeDraft(e.Credibility, e.Reason);
        return this with { SetCredibility = e.Credibility, SetGrade = grade, UpstreamGrade = e.Import is null ? UpstreamGrade : grade };
    }

    /// <summary>A copy by constructor, so that what is computed from the reports is computed anew.</summary>
    private Incident WithReports(IReadOnlyList<Report> reports) => new(
        Version, Position, RecordedAt, Content, reports, ReportsSoFar, Retracted, SetCredibility, Upstream, UpstreamReports, Digest, Import, UpstreamImport, Interval, Change)
    {
        MissingUpstream = MissingUpstream,
        SetGrade = SetGrade,
        UpstreamGrade = UpstreamGrade,
    };

    private void RefuseIfRetracted()
    {
        if (Retracted)
        {
            throw new RefusedException("incident-retracted", "The incident is retracted. Reinstate it first.");
        }
    }
}

/// <param name="Import">Id of the first complete import that lacked it.</param>
/// <param name="Since">When that was recorded.</param>
public sealed record MissingUpstream(string Import, DateTimeOffset Since);
