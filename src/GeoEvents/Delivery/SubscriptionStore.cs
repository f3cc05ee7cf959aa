using System.Text.Json;
using GeoEvents.Coding;
using GeoEvents.Delivery.Webhooks;
using GeoEvents.Hosting;
using Npgsql;

namespace GeoEvents.Delivery;

/// <summary>The subscriptions of workspaces. They are not in the log: secrets and addresses of people do not belong into an archive.</summary>
public sealed class SubscriptionStore(NpgsqlDataSource database, RangePlanner ranges, DeliveryPlanner planner, Deliverer deliverer, TimeProvider clock)
{
    private DateTimeOffset Now => Microseconds.Floor(clock.GetUtcNow());

    /// <param name="draft">With an id.</param>
    /// <returns>The subscription, and the secret of a webhook.</returns>
    /// <exception cref="RefusedException">There is one of that id (409).</exception>
    /// <exception cref="InvalidRequestException">It is to begin after a number that the feed has not come to.</exception>
    public async Task<(SubscriptionView View, string? Secret)> Create(string workspace, SubscriptionDraft draft, string user, CancellationToken cancel)
    {
        var now = Now;
        await using var turn = await PlanningTurn.BeginFirst(database, workspace, cancel);
        var head = await Head(turn, workspace, cancel);
        if (draft.After > head)
        {
            throw new InvalidRequestException(FieldProblem.At("/after", "unknown-position", $"The feed has come to {head}."));
        }

        var subscription = new Subscription(
            draft.Id!, 1, draft.Content, SubscriptionState.Active, null, null, now, draft.After ?? head, user, now, null);
        var secret = draft.Webhook is null ? null : WebhookSecret.New();
        if (await Insert(turn, workspace, subscription, cancel) == 0)
        {
            throw new RefusedException("subscription-exists", $"There is a subscription '{subscription.Id}' already. Change that one, or choose another id.");
        }

        if (secret is not null)
        {
            await Insert(turn, workspace, subscription.Id, secret, now, cancel);
        }

        await turn.NoteTypes(cancel);
        if (draft.After is { } after && after < turn.Position)
        {
            await ranges.Queue(turn, workspace, subscription, after, turn.Position, replay: false, cancel);
        }

        await turn.Commit(cancel);
        planner.Look(workspace);
        deliverer.Wake();
        return (await Find(workspace, subscription.Id, cancel), secret);
    }

    /// <exception cref="RefusedException">There is none of that id (404).</exception>
    public async Task<SubscriptionView> Find(string workspace, string id, CancellationToken cancel) =>
        (await Views(workspace, id, "", 1, cancel)).FirstOrDefault() ?? throw NotFound(id);

    /// <summary>Subscriptions by id.</summary>
    /// <param name="after">Id that comes before; empty for the first.</param>
    public Task<List<SubscriptionView>> All(string workspace, string after, int most, CancellationToken cancel) => Views(workspace, null, after, most, cancel);

    /// <summary>Asks for something else under the same id. What was queued stays queued.</summary>
    public Task<SubscriptionView> Change(Call call, string id, SubscriptionContent content, CancellationToken cancel) =>
        Write(call, id, async (turn, before) =>
        {
            if (before.Content.Webhook is null != content.Webhook is null)
            {
                throw new InvalidRequestException(FieldProblem.At(content.Webhook is null ? "/email" : "/webhook", "channel-fixed", "A subscription keeps its channel. Make another."));
            }

            var after = before with { Content = content };
            await turn.Connection.Execute(
                """
                update geo.subscription set data = $3, version = version + 1, due_at = case when due_at is not null then $4 end where workspace = $1 and id = $2
                """, cancel,
                call.Workspace, id, JsonSerializer.Serialize(content, GeoJson.Options), PlanningTurn.NextDue(after, Now));
            await turn.NoteTypes(cancel);
        }, cancel);

    /// <summary>Nothing more goes out, and nothing more is queued, until it is enabled.</summary>
    public Task<SubscriptionView> Disable(Call call, string id, CancellationToken cancel) =>
        Write(call, id, (turn, before) => before.State == SubscriptionState.Disabled ? Task.CompletedTask : turn.Connection.Execute(
            "update geo.subscription set state = 'disabled', reason = 'user', detail = null, since = $3, position = $4, version = version + 1 where workspace = $1 and id = $2", cancel,
            call.Workspace, id, Now, turn.Position), cancel);

    /// <summary>Goes on where it stopped, or with what is recorded from now on.</summary>
    public Task<SubscriptionView> Enable(Call call, string id, Missed missed, CancellationToken cancel) =>
        Write(call, id, async (turn, before) =>
        {
            if (before.State == SubscriptionState.Active)
            {
                return;
            }

            var (workspace, now) = (call.Workspace, Now);
            var waiting = missed == Missed.Send ? "state = 'waiting', tries = 0, settled_at = null" : "state = 'skipped', settled_at = now()";
            await turn.Connection.Execute(
                $"update geo.delivery set {waiting} where workspace = $1 and subscription = $2 and state in ('waiting', 'given-up')", cancel, workspace, id);
            if (missed == Missed.Send)
            {
                await ranges.Queue(turn, workspace, before, before.Position, turn.Position, replay: false, cancel);
            }

            await turn.Connection.Execute(
                """
                update geo.subscription set state = 'active', reason = null, detail = null, since = $3, position = $4, version = version + 1,
                    due_at = case when exists (select from geo.delivery where workspace = $1 and subscription = $2 and state = 'waiting') then $5 end
                where workspace = $1 and id = $2
                """, cancel,
                workspace, id, now, turn.Position, PlanningTurn.NextDue(before, now));
        }, cancel);

    public async Task Delete(Call call, string id, CancellationToken cancel)
    {
        await using var turn = await PlanningTurn.Begin(database, call.Workspace, wait: true, cancel) ?? throw NotFound(id);
        await Expect(turn, call, id, cancel);
        foreach (var table in (string[])["delivery_attempt", "delivery", "subscription_secret"])
        {
            await turn.Connection.Execute($"delete from geo.{table} where workspace = $1 and subscription = $2", cancel, call.Workspace, id);
        }

        await turn.Connection.Execute("delete from geo.subscription where workspace = $1 and id = $2", cancel, call.Workspace, id);
        await turn.NoteTypes(cancel);
        await turn.Commit(cancel);
    }

    /// <summary>Secrets that sign at once.</summary>
    private const int MostSecrets = 5;

    /// <summary>Signs with a new secret from now on, with the one before it as well for a time, and with those before that until the end that they were promised.</summary>
    /// <param name="keepOld">Zero ends all old ones at once.</param>
    /// <exception cref="RefusedException">It is no webhook, or too many secrets are valid already (409).</exception>
    public async Task<RotatedSecret> Rotate(Call call, string id, TimeSpan keepOld, CancellationToken cancel)
    {
        var (secret, now) = (WebhookSecret.New(), Now);
        await Write(call, id, async (turn, before) =>
        {
            if (before.Content.Webhook is null)
            {
                throw new RefusedException("no-secret", "E-mail is not signed; only a webhook has a secret.");
            }

            await turn.Connection.Execute(
                "delete from geo.subscription_secret where workspace = $1 and subscription = $2 and valid_until <= $3", cancel,
                call.Workspace, id, keepOld == TimeSpan.Zero ? DateTimeOffset.MaxValue.AddYears(-1) : now);
            await turn.Connection.Execute(
                "update geo.subscription_secret set valid_until = $3 where workspace = $1 and subscription = $2 and valid_until is null", cancel, call.Workspace, id, now + keepOld);
            await RefuseTooMany(turn, call.Workspace, id, now, cancel);
            await Insert(turn, call.Workspace, id, secret, now, cancel);
            await turn.Connection.Execute("update geo.subscription set version = version + 1 where workspace = $1 and id = $2", cancel, call.Workspace, id);
        }, cancel);
        return new RotatedSecret(secret, now + keepOld);
    }

    private static async Task RefuseTooMany(PlanningTurn turn, string workspace, string id, DateTimeOffset now, CancellationToken cancel)
    {
        await using var command = turn.Connection.Command(
            "select valid_until from geo.subscription_secret where workspace = $1 and subscription = $2 and valid_until > $3 order by valid_until", workspace, id, now);
        var old = await SubscriptionRows.All(command, row => row.GetFieldValue<DateTimeOffset>(0), cancel);
        if (old.Count >= MostSecrets)
        {
            throw new RefusedException(
                "too-many-secrets",
                $"{MostSecrets} secrets are valid already, and the first of them ends at {InstantConverter.Text(old[0])}. Wait until then, or send keepOldHours 0, which ends all old ones at once.");
        }
    }

    /// <summary>Queues deliveries of a range of the feed once more.</summary>
    public async Task<ReplayView> Replay(Call call, string id, Replay asked, CancellationToken cancel)
    {
        await using var turn = await PlanningTurn.Begin(database, call.Workspace, wait: true, cancel) ?? throw NotFound(id);
        var subscription = await Expect(turn, call, id, cancel);
        var head = await Head(turn, call.Workspace, cancel);
        var (from, to) = (asked.From ?? 0, Math.Min(asked.To ?? head, head));
        InvalidRequestException.ThrowIfAny(
        [
            .. asked.From is null ? [FieldProblem.At("/from", "required", "Say from which feed number on.")] : Array.Empty<FieldProblem>(),
            .. asked.From is not null && (from < 1 || from > Math.Max(head, 1)) ? [FieldProblem.At("/from", "out-of-range", $"From 1 to {head}, which the feed has come to.")] : Array.Empty<FieldProblem>(),
            .. asked.To < from ? [FieldProblem.At("/to", "out-of-range", "That is before from.")] : Array.Empty<FieldProblem>(),
        ]);
        // What lies behind the cursor is about to be queued by itself.
        var queued = await ranges.Queue(turn, call.Workspace, subscription, from - 1, Math.Min(to, turn.Position), replay: true, cancel);
        await turn.Commit(cancel);
        deliverer.Wake();
        return new ReplayView(from, to, queued);
    }

    private async Task<SubscriptionView> Write(Call call, string id, Func<PlanningTurn, Subscription, Task> change, CancellationToken cancel)
    {
        await using (var turn = await PlanningTurn.Begin(database, call.Workspace, wait: true, cancel) ?? throw NotFound(id))
        {
            await change(turn, await Expect(turn, call, id, cancel));
            await turn.Commit(cancel);
        }

        deliverer.Wake();
        return await Find(call.Workspace, id, cancel);
    }

    /// <summary>The subscription, held for the rest of the turn.</summary>
    /// <exception cref="RefusedException">There is none (404), or it is at another version (412).</exception>
    private static async Task<Subscription> Expect(PlanningTurn turn, Call call, string id, CancellationToken cancel)
    {
        await using var command = turn.Connection.Command($"select {SubscriptionRows.Columns} from geo.subscription where workspace = $1 and id = $2 for update", call.Workspace, id);
        var found = (await SubscriptionRows.All(command, row => SubscriptionRows.Subscription(row), cancel)).FirstOrDefault() ?? throw NotFound(id);
        call.RefuseUnlessAt(found.Version, "subscription");
        return found;
    }

    private static Task<int> Insert(PlanningTurn turn, string workspace, Subscription s, CancellationToken cancel) => turn.Connection.Execute(
        """
        insert into geo.subscription (workspace, id, version, data, state, since, position, "user", created_at) values ($1, $2, $3, $4, 'active', $5, $6, $7, $8)
        on conflict do nothing
        """, cancel,
        workspace, s.Id, s.Version, JsonSerializer.Serialize(s.Content, GeoJson.Options), s.Since, s.Position, s.User, s.CreatedAt);

    private static Task<int> Insert(PlanningTurn turn, string workspace, string id, string secret, DateTimeOffset madeAt, CancellationToken cancel) => turn.Connection.Execute(
        "insert into geo.subscription_secret (workspace, subscription, secret, made_at) values ($1, $2, $3, $4)", cancel, workspace, id, secret, madeAt);

    private static async Task<long> Head(PlanningTurn turn, string workspace, CancellationToken cancel)
    {
        await using var command = turn.Connection.Command("select position from geo.recording where workspace = $1 order by position desc limit 1", workspace);
        return await command.ExecuteScalarAsync(cancel) is long head ? head : 0;
    }

    private async Task<List<SubscriptionView>> Views(string workspace, string? id, string after, int most, CancellationToken cancel)
    {
        await using var command = database.Command(
            $"""
            select {SubscriptionRows.Columns}, (select count(*) from geo.delivery d where d.workspace = s.workspace and d.subscription = s.id and d.state = 'waiting')
            from geo.subscription s where workspace = $1 and {(id is null ? "id > $2" : "id = $2")} order by id limit $3
            """,
            workspace, id ?? after, (long)most);
        return await SubscriptionRows.All(command, row => SubscriptionView.Of(SubscriptionRows.Subscription(row), row.GetInt64(11)), cancel);
    }

    private static RefusedException NotFound(string id) => RefusedException.NotFound("subscription", id);
}
