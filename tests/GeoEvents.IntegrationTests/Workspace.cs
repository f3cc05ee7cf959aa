using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace GeoEvents.IntegrationTests;

/// <summary>What the service answered.</summary>
/// <param name="Json">The body; undefined if there is none.</param>
public sealed record Reply(HttpStatusCode Status, JsonElement Json, string Text, string? ETag, string? Location, string? Link, string? ContentType, bool Replayed)
{
    public int Code => (int)Status;

    /// <summary>A member of the body, by names joined by dots; numbers index lists.</summary>
    public JsonElement this[string path] => path.Split('.').Aggregate(Json, (json, name) => json.ValueKind == JsonValueKind.Array ? json[int.Parse(name, null)] : json.GetProperty(name));

    public IReadOnlyList<JsonElement> Items => [.. Json.GetProperty("items").EnumerateArray()];

    /// <summary>The stable name of a problem, without the prefix that all have.</summary>
    public string Problem => Json.GetProperty("type").GetString()!["urn:geoevents:problem:".Length..];

    /// <summary>Pointers and parameters that a problem names, each with its code.</summary>
    public IReadOnlyList<string> Faults => Json.TryGetProperty("errors", out var errors)
        ? [.. errors.EnumerateArray().Select(e => $"{Where(e)} {e.GetProperty("code").GetString()}")]
        : [];

    /// <summary>The ids of a page's items.</summary>
    public IEnumerable<string> Ids => Items.Select(i => i.GetProperty("id").GetString()!);

    /// <summary>What is asked for, or a failure that shows the whole answer.</summary>
    public Reply ShouldBe(int status)
    {
        Code.ShouldBe(status, Text);
        return this;
    }

    /// <summary>A problem document of this status and type that names these fields.</summary>
    public Reply ShouldBeProblem(int status, string type, params string[] faults)
    {
        ShouldBe(status);
        ContentType.ShouldBe("application/problem+json");
        Problem.ShouldBe(type, Text);
        Json.GetProperty("status").GetInt32().ShouldBe(status);
        Json.GetProperty("title").GetString().ShouldNotBeNullOrWhiteSpace();
        foreach (var fault in faults)
        {
            Faults.ShouldContain(fault, Text);
        }

        return this;
    }

    private static string Where(JsonElement error) =>
        (error.TryGetProperty("pointer", out var pointer) ? pointer : error.GetProperty("parameter")).GetString()!;
}

/// <summary>One workspace of a running service, spoken to as clients do: with JSON that they wrote.</summary>
public sealed class Workspace(HttpClient api, string name, IServiceProvider? services = null)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public string Name => name;

    public HttpClient Api => api;

    /// <summary>The parts of the service, for what no client can do.</summary>
    public IServiceProvider Services => services ?? throw new InvalidOperationException("The service runs in another process.");

    /// <summary>Absolute path of an address within the workspace.</summary>
    public string At(string path) => $"/api/v1/{name}/{path}";

    public Task<Reply> Get(string path) => Send(HttpMethod.Get, path, null);

    /// <param name="body">Anything that serializes to the JSON a client would send.</param>
    /// <param name="ifMatch">Value of If-Match; the quotation marks of an ETag included.</param>
    public Task<Reply> Post(string path, object body, string? ifMatch = null, string? idempotencyKey = null, string? user = null) =>
        Send(HttpMethod.Post, path, JsonContent.Create(body), ifMatch, idempotencyKey, user);

    public Task<Reply> Put(string path, object body, string? ifMatch = null) => Send(HttpMethod.Put, path, JsonContent.Create(body), ifMatch);

    public Task<Reply> Delete(string path) => Send(HttpMethod.Delete, path, null);

    /// <summary>Sends a text as it stands.</summary>
    public Task<Reply> PostRaw(string path, string json, string? ifMatch = null, string mediaType = "application/json") =>
        PostRaw(path, Encoding.UTF8.GetBytes(json), ifMatch, mediaType);

    public Task<Reply> PostRaw(string path, byte[] bytes, string? ifMatch = null, string mediaType = "application/json")
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(mediaType);
        return Send(HttpMethod.Post, path, content, ifMatch);
    }

    /// <summary>Logs an incident and expects it to be taken.</summary>
    public async Task<Reply> Log(object incident) => (await Post("incidents", incident)).ShouldBe(201);

    /// <summary>Makes a source known.</summary>
    public async Task<Reply> Register(string source, string reliability = "A", string? group = null) =>
        (await Post("sources", new { id = source, reliability, group = group ?? source })).ShouldBe(201);

    /// <summary>Loads a file and waits until every row is answered for.</summary>
    public async Task<Reply> Import(byte[] file, string query = "")
    {
        var started = (await PostRaw($"imports{query}", file, mediaType: "application/octet-stream")).ShouldBe(202);
        return await Ended(started.Location!.Split('/')[^1]);
    }

    public Task<Reply> Import(string file, string query = "") => Import(Encoding.UTF8.GetBytes(file), query);

    /// <summary>The import once it has ended.</summary>
    public async Task<Reply> Ended(string import)
    {
        var waiting = Stopwatch.StartNew();
        while (true)
        {
            var reply = (await Get($"imports/{import}")).ShouldBe(200);
            if (reply["state"].GetString() is "completed" or "failed" or "cancelled")
            {
                return reply;
            }

            (waiting.Elapsed < Patience).ShouldBeTrue($"The import did not end: {reply.Text}");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>The last log position of the workspace.</summary>
    public async Task<long> Position() => (await Get("incidents?limit=1")).ShouldBe(200)["knownAsOf"].GetInt64();

    public async Task<Reply> Send(
        HttpMethod method, string path, HttpContent? body, string? ifMatch = null, string? idempotencyKey = null, string? user = null)
    {
        using var request = new HttpRequestMessage(method, path.StartsWith('/') ? path : At(path)) { Content = body };
        foreach (var (header, value) in new[] { ("If-Match", ifMatch), ("Idempotency-Key", idempotencyKey), ("X-User", user) })
        {
            if (value is not null)
            {
                request.Headers.TryAddWithoutValidation(header, value);
            }
        }

        using var response = await api.SendAsync(request, TestContext.Current.CancellationToken);
        return await Read(response);
    }

    public static async Task<Reply> Read(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var mediaType = response.Content.Headers.ContentType?.MediaType;
        return new Reply(
            response.StatusCode,
            mediaType == "application/json" || mediaType?.EndsWith("+json", StringComparison.Ordinal) == true ? JsonDocument.Parse(text).RootElement : default,
            text,
            Header("ETag"),
            Header("Location"),
            Header("Link"),
            mediaType,
            Header("Idempotency-Replayed") == "true");

        string? Header(string header) => response.Headers.TryGetValues(header, out var values) ? string.Join(", ", values) : null;
    }
}
