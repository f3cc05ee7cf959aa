using System.Diagnostics;
using System.Text.Json;

namespace GeoEvents.IntegrationTests.Delivery;

/// <summary>What tests of deliveries do over HTTP.</summary>
internal static class Subscribing
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Subscribes a receiver.</summary>
    /// <returns>The secret.</returns>
    public static async Task<string> Subscribe(this Workspace workspace, Receiver receiver, string id = "newsroom", object? filter = null, long? after = null, string path = "/hook")
    {
        var made = (await workspace.Post("subscriptions", new { id, webhook = new { url = receiver.Address + path }, filter, after })).ShouldBe(201);
        return made["secret"].GetString()!;
    }

    /// <summary>The subscription once it is so.</summary>
    public static Task<Reply> Until(this Workspace workspace, string id, Func<Reply, bool> so) => UntilRead(workspace, $"subscriptions/{id}", so);

    /// <summary>The delivery once it is so.</summary>
    public static Task<Reply> UntilDelivery(this Workspace workspace, string id, long number, Func<Reply, bool> so) => UntilRead(workspace, $"subscriptions/{id}/deliveries/{number}", so);

    public static Task<Reply> Settled(this Workspace workspace, string id, long number) =>
        workspace.UntilDelivery(id, number, d => d.Code == 200 && d["delivery.state"].GetString() != "waiting");

    public static Task<Reply> Attempted(this Workspace workspace, string id, long number, int attempts) =>
        workspace.UntilDelivery(id, number, d => d.Code == 200 && d["delivery.attempts"].GetInt32() >= attempts);

    public static JsonElement LastAttempt(this Reply delivery) => delivery["attempts"].EnumerateArray().Last();

    private static async Task<Reply> UntilRead(Workspace workspace, string path, Func<Reply, bool> so)
    {
        for (var since = Stopwatch.StartNew(); ; await Task.Delay(10, TestContext.Current.CancellationToken))
        {
            var reply = await workspace.Get(path);
            if (so(reply))
            {
                return reply;
            }

            since.Elapsed.ShouldBeLessThan(Patience, $"{path} does not come to it: {reply.Text}");
        }
    }
}
