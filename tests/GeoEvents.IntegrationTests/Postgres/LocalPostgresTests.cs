using System.Diagnostics;
using GeoEvents.Hosting.Postgres;
using Npgsql;

namespace GeoEvents.IntegrationTests.Postgres;

/// <remarks>Most tests begin with a copy of data made once, because making them takes longer than all the rest.</remarks>
public sealed class LocalPostgresTests : IClassFixture<LocalPostgresTests.Prepared>, IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("geoevents-test-").FullName;

    private readonly CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    public LocalPostgresTests(Prepared prepared)
    {
        deadline.CancelAfter(TimeSpan.FromMinutes(1));
        prepared.CopyTo(folder);
    }

    private CancellationToken Cancel => deadline.Token;

    public void Dispose()
    {
        deadline.Dispose();
        TestFolder.Delete(folder);
    }

    [Fact]
    public async Task A_restart_finds_the_data_again()
    {
        await using (var first = await LocalPostgres.Start(folder, Cancel))
        {
            await Execute(first.ConnectionString, "CREATE TABLE kept AS SELECT 'Երևան' AS name");
        }

        await using var second = await LocalPostgres.Start(folder, Cancel);
        (await Execute(second.ConnectionString, "SELECT name FROM kept")).ShouldBe("Երևան");
    }

    [Fact]
    public async Task A_folder_name_may_hold_spaces_quotes_and_any_letters()
    {
        await using var postgres = await LocalPostgres.Start(Path.Combine(folder, "Цхинвал, \"it's\" $HOME", "a b"), Cancel);
        (await Execute(postgres.ConnectionString, "SELECT current_database()")).ShouldBe("geoevents");
    }

    [Fact]
    public async Task It_is_set_to_keep_what_it_is_told()
    {
        await using var postgres = await LocalPostgres.Start(folder, Cancel);
        foreach (var setting in new[] { "fsync", "full_page_writes", "synchronous_commit", "data_checksums" })
        {
            (await Execute(postgres.ConnectionString, $"SHOW {setting}")).ShouldBe("on", setting);
        }

        (await Execute(postgres.ConnectionString, "SHOW server_encoding")).ShouldBe("UTF8");
        (await Execute(postgres.ConnectionString, "SHOW listen_addresses")).ShouldBe("");
    }

    [Fact]
    public async Task A_killed_service_leaves_no_server_behind_and_loses_nothing()
    {
        using var holder = await PostgresHolder.Start(folder, Cancel);
        await Execute(holder.ConnectionString, "CREATE TABLE kept AS SELECT 'yes' AS told");
        await using var busy = new NpgsqlConnection(holder.ConnectionString);
        await busy.OpenAsync(Cancel);

        await holder.Kill(Cancel);
        var sinceKilled = Stopwatch.StartNew();
        while (Servers().Length > 0)
        {
            sinceKilled.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5));
            await Task.Delay(20, Cancel);
        }

        Directory.Exists(new NpgsqlConnectionStringBuilder(holder.ConnectionString).Host).ShouldBeFalse();
        await using var again = await LocalPostgres.Start(folder, Cancel);
        (await Execute(again.ConnectionString, "SELECT told FROM kept")).ShouldBe("yes");
    }

    [Fact]
    public async Task A_start_right_after_a_kill_waits_for_the_server_to_go()
    {
        using var holder = await PostgresHolder.Start(folder, Cancel);
        await Execute(holder.ConnectionString, "CREATE TABLE kept AS SELECT 'yes' AS told");
        await holder.Kill(Cancel);

        await using var again = await LocalPostgres.Start(folder, Cancel);
        (await Execute(again.ConnectionString, "SELECT told FROM kept")).ShouldBe("yes");
    }

    [Fact]
    public async Task A_folder_serves_one_service_at_a_time()
    {
        using var holder = await PostgresHolder.Start(folder, Cancel);

        (await Should.ThrowAsync<PostgresUnavailableException>(LocalPostgres.Start(folder, Cancel)))
            .Message.ShouldStartWith($"The data folder {folder} is in use by another GeoEvents, process {holder.ProcessId}.");
    }

    [Fact]
    public async Task What_was_left_of_a_first_start_is_made_anew()
    {
        Directory.Move(Path.Combine(folder, "postgresql", "data"), Path.Combine(folder, "postgresql", "data.new"));

        await using var postgres = await LocalPostgres.Start(folder, Cancel);
        (await Execute(postgres.ConnectionString, "SELECT 1")).ShouldBe(1);
    }

    [Fact]
    public async Task A_lock_file_that_names_a_stranger_is_no_obstacle()
    {
        var lockFile = Path.Combine(folder, "postgresql", "data", "postmaster.pid");
        await File.WriteAllTextAsync(lockFile, $"{Environment.ProcessId}\n/proc/self/fd/8\n0\n5432\n/tmp\n\n\nready\n", Cancel);

        await using var postgres = await LocalPostgres.Start(folder, Cancel);
        (await Execute(postgres.ConnectionString, "SELECT 1")).ShouldBe(1);
    }

    [Fact]
    public async Task Data_of_another_version_are_refused_in_one_message()
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "postgresql", "data", "PG_VERSION"), "9\n", Cancel);

        (await Should.ThrowAsync<PostgresUnavailableException>(LocalPostgres.Start(folder, Cancel)))
            .Message.ShouldStartWith($"The data in {folder}/postgresql/data were made by PostgreSQL 9");
    }

    [Fact]
    public async Task What_PostgreSQL_complains_of_is_passed_on()
    {
        await File.AppendAllTextAsync(Path.Combine(folder, "postgresql", "data", "postgresql.conf"), "\nwork_mem = 'plenty'\n", Cancel);

        (await Should.ThrowAsync<PostgresUnavailableException>(LocalPostgres.Start(folder, Cancel)))
            .Message.ShouldContain("invalid value for parameter \"work_mem\"");
    }

    [Fact]
    public async Task A_data_folder_that_cannot_be_is_refused_in_one_message()
    {
        var file = Path.Combine(folder, "a-file");
        await File.WriteAllTextAsync(file, "", Cancel);

        (await Should.ThrowAsync<PostgresUnavailableException>(LocalPostgres.Start(file, Cancel)))
            .Message.ShouldStartWith($"The data folder {file} cannot be used");
    }

    /// <summary>Data as the first start makes them.</summary>
    public sealed class Prepared : IAsyncLifetime
    {
        private readonly string folder = Directory.CreateTempSubdirectory("geoevents-test-").FullName;

        public async ValueTask InitializeAsync() => await (await LocalPostgres.Start(folder, CancellationToken.None)).DisposeAsync();

        public ValueTask DisposeAsync()
        {
            TestFolder.Delete(folder);
            return ValueTask.CompletedTask;
        }

        /// <summary>With owners and modes, which PostgreSQL insists on.</summary>
        public void CopyTo(string other)
        {
            using var copy = Process.Start("cp", ["-a", $"{folder}/.", other]);
            copy.WaitForExit();
            copy.ExitCode.ShouldBe(0);
        }
    }

    /// <summary>The processes with our folder among their words, and those that work in it.</summary>
    private string[] Servers() =>
        Directory.EnumerateDirectories("/proc").Where(process => char.IsAsciiDigit(Path.GetFileName(process)[0]) && IsOurs(process)).ToArray();

    private bool IsOurs(string process)
    {
        try
        {
            return File.ReadAllText($"{process}/cmdline").Contains($"{folder}/postgresql", StringComparison.Ordinal)
                || (new DirectoryInfo($"{process}/cwd").LinkTarget ?? "").StartsWith($"{folder}/postgresql", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private async Task<object?> Execute(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(Cancel);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Cancel);
    }
}
