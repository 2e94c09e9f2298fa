using System.Text;
using Field.Contracts;
using Field.Contracts.Locks;

namespace Field.Tests.Contracts;

/// <summary>Commands, grants and key box codes. The fixtures and vectors were computed by another program (Python's hmac and hashlib).</summary>
public sealed class LockWireTests
{
    private const string LockId = "aoba/lock-07";

    private static readonly LockSecret Secret = LockSecret.FromHex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
    private static readonly DateTimeOffset Nine = new(2026, 5, 11, 0, 0, 0, TimeSpan.Zero);

    /// <summary>RFC 4226 appendix D: the intermediate HMAC-SHA-1 values, their truncation and the HOTP values.</summary>
    [Theory]
    [InlineData("cc93cf18508d94934c64b65d8ba7667fb7cde4b0", 1284755224, "755224")]
    [InlineData("75a48a19d4cbe100644e8ac1397eea747a2d33ab", 1094287082, "287082")]
    [InlineData("0bacb7fa082fef30782211938bc1c5e70416ff44", 137359152, "359152")]
    [InlineData("66c28227d03a2d5529262ff016a1e6ef76557ece", 1726969429, "969429")]
    [InlineData("a904c900a64b35909874b33e61c5938a8e15ed1c", 1640338314, "338314")]
    [InlineData("a37e783d7b7233c083d4f62926c7a25f238d0316", 868254676, "254676")]
    [InlineData("bc9cd28561042c83f219324d3c607256c03272ae", 1918287922, "287922")]
    [InlineData("a4fb960c0bc06e1eabb804e5b397cdc4b45596fa", 82162583, "162583")]
    [InlineData("1b3c89f65e6c9e883012052823443f048b4332db", 673399871, "399871")]
    [InlineData("1637409809a679dc698207310c8c7fc07290d9e5", 645520489, "520489")]
    public void Truncation_equals_RFC_4226_appendix_D(string hmac, int truncated, string hotp)
    {
        int actual = KeyBoxCode.Truncate(Convert.FromHexString(hmac));
        Assert.Equal(truncated, actual);
        Assert.Equal(hotp, Digits(actual, 6));
    }

    /// <summary>RFC 6238 appendix B: SHA-256 and eight digits.</summary>
    [Theory]
    [InlineData(59, "46119246")]
    [InlineData(1111111109, "68084774")]
    [InlineData(1111111111, "67062674")]
    [InlineData(1234567890, "91819424")]
    [InlineData(2000000000, "90698825")]
    [InlineData(20000000000, "77737706")]
    public void Truncated_HMAC_SHA_256_equals_RFC_6238_appendix_B(long time, string totp)
    {
        byte[] counter = BitConverter.GetBytes(System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(time / 30));
        byte[] hmac = System.Security.Cryptography.HMACSHA256.HashData("12345678901234567890123456789012"u8, counter);
        Assert.Equal(totp, Digits(KeyBoxCode.Truncate(hmac), 8));
    }

    [Theory]
    [InlineData(LockId, "2026-05-11T00:00:00Z", "2026-05-11T02:00:00Z", "60097642")]
    [InlineData(LockId, "2026-05-11T00:00:00Z", "2026-05-11T02:30:00Z", "25759696")]
    [InlineData(LockId, "2026-12-31T15:00:00Z", "2027-01-01T03:00:00Z", "25547992")]
    [InlineData("aoba/lock-08", "2026-05-11T00:00:00Z", "2026-05-11T02:00:00Z", "23780175")]
    public void Key_box_code_equals_the_vectors_of_SPEC(string lockId, string start, string end, string code)
    {
        Slot slot = new(Time(start), Time(end));
        Assert.Equal(code, KeyBoxCode.Compute(Secret, lockId, slot));
        using PinEntry typed = Pin(code);
        Assert.Equal(slot, KeyBoxCode.Find(Secret, lockId, typed, slot.Start, TimeSpan.Zero));
        string spec = File.ReadAllText(Path.Combine(SharedData.RepositoryRoot(), "edge-agent", "Field.Contracts", "SPEC.md"));
        Assert.Contains($"| `{lockId}` | {start} | {end} | `{code}` |", spec, StringComparison.Ordinal);
    }

    [Fact]
    public void Key_box_finds_every_slot_of_the_grid_at_its_first_and_last_moment_and_not_beside_it()
    {
        TimeSpan tolerance = TimeSpan.FromMinutes(2);
        Random random = new(4226);
        for (int i = 0; i < 60; i++)
        {
            DateTimeOffset start = Nine.AddMinutes(30 * random.Next(-50_000, 50_000));
            Slot slot = new(start, start.AddMinutes(30 * random.Next(1, 25)));
            using PinEntry typed = Pin(KeyBoxCode.Compute(Secret, LockId, slot));
            Slot? At(DateTimeOffset now) => KeyBoxCode.Find(Secret, LockId, typed, now, tolerance);
            Assert.Equal(slot, At(slot.Start - tolerance));
            Assert.Equal(slot, At(slot.Start));
            Assert.Equal(slot, At(slot.End.AddSeconds(-1)));
            Assert.Equal(slot, At(slot.End + tolerance - TimeSpan.FromSeconds(1)));
            Assert.Null(At(slot.Start - tolerance - TimeSpan.FromSeconds(1)));
            Assert.Null(At(slot.End + tolerance));
        }
    }

    [Fact]
    public void Key_box_refuses_slots_that_it_could_not_find()
    {
        Assert.Throws<ArgumentException>(() => KeyBoxCode.Compute(Secret, LockId, new(Nine, Nine.AddMinutes(20))));
        Assert.Throws<ArgumentException>(() => KeyBoxCode.Compute(Secret, LockId, new(Nine.AddMinutes(1), Nine.AddMinutes(31))));
        Assert.Throws<ArgumentException>(() => KeyBoxCode.Compute(Secret, LockId, new(Nine, Nine.AddHours(12.5))));
        Assert.Throws<ArgumentException>(() => KeyBoxCode.Compute(Secret, LockId, new(Nine, Nine)));
        using PinEntry six = Pin("600976");
        Assert.Null(KeyBoxCode.Find(Secret, LockId, six, Nine, TimeSpan.Zero));
    }

    [Fact]
    public void Golden_grants_are_sealed_and_open_with_their_PINs_only()
    {
        LockGrants list = LockGrants.Parse(Golden.Read("lock-grants.json"), "aoba", "lock-07").Value!;
        Assert.Equal(7, list.Version);
        Assert.True(list.IsSealedBy(Secret, LockId));
        Assert.False(list.IsSealedBy(Secret, "aoba/lock-08"));
        Assert.False(list.IsSealedBy(LockSecret.Generate(), LockId));
        Assert.Equal([true, false, false], Accepting(list, "482913"));
        Assert.Equal([false, true, false], Accepting(list, "0071"));
        Assert.Equal([false, false, true], Accepting(list, KeyBoxCode.Compute(Secret, LockId, list.Grants[2].Slot)));
        Assert.Equal([false, false, false], Accepting(list, "482914"));
        Assert.Equal(Encoding.UTF8.GetString(Golden.Read("lock-grants.json")), Encoding.UTF8.GetString(list.Write("aoba", "lock-07")));
    }

    [Fact]
    public void Grants_changed_in_any_member_lose_their_seal()
    {
        LockGrants list = LockGrants.Parse(Golden.Read("lock-grants.json"), "aoba", "lock-07").Value!;
        LockGrant first = list.Grants[0];
        LockGrants With(LockGrant changed) => list with { Grants = [changed, .. list.Grants.Skip(1)] };
        LockGrants[] changed =
        [
            list with { Version = 8 },
            list with { IssuedAt = list.IssuedAt.AddSeconds(1) },
            list with { Grants = [.. list.Grants.Skip(1)] },
            list with { Grants = [.. list.Grants.Reverse()] },
            With(first with { GrantId = "b-2026-0511-9" }),
            With(first with { Slot = first.Slot with { End = first.Slot.End.AddHours(1) } }),
            With(first with { OneTime = true }),
            With(first with { Label = "x" }),
            With(first with { Pin = first.Pin! with { Iterations = 10_000 } }),
            With(first with { Pin = first.Pin! with { SaltHex = new string('0', 32) } }),
            With(first with { Pin = first.Pin! with { TagHex = new string('0', 64) } }),
        ];
        Assert.All(changed, c => Assert.False(c.IsSealedBy(Secret, LockId)));
    }

    [Fact]
    public void PIN_does_not_open_a_grant_whose_slot_was_moved_or_that_belongs_to_another_lock()
    {
        using PinEntry pin = Pin("482913");
        LockGrant grant = new LockGrant("b-1", new(Nine, Nine.AddHours(2)), null).WithPin(Secret, LockId, pin, PinHash.MinIterations);
        Assert.True(grant.Accepts(Secret, LockId, pin));
        Assert.False((grant with { Slot = new(Nine, Nine.AddHours(9)) }).Accepts(Secret, LockId, pin));
        Assert.False((grant with { OneTime = true }).Accepts(Secret, LockId, pin));
        Assert.False(grant.Accepts(Secret, "aoba/lock-08", pin));
        Assert.False(grant.Accepts(LockSecret.Generate(), LockId, pin));
        Assert.DoesNotContain("482913", grant.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Same_PIN_twice_gives_hashes_that_nobody_can_tell_to_be_the_same()
    {
        using PinEntry pin = Pin("482913");
        LockGrant grant = new("b-1", new(Nine, Nine.AddHours(2)), null);
        PinHash[] hashes = [.. Enumerable.Range(0, 3).Select(_ => grant.WithPin(Secret, LockId, pin, PinHash.MinIterations).Pin!)];
        Assert.Equal(3, hashes.Select(h => h.TagHex).Distinct().Count());
        Assert.Equal(3, hashes.Select(h => h.SaltHex).Distinct().Count());
    }

    [Fact]
    public void Golden_command_is_sealed_for_its_device_only()
    {
        DeviceCommand command = DeviceCommand.Parse(Golden.Read("command.json"), "aoba", "lock-07").Value!;
        Assert.Equal(("lock.open", "避難所の開設（体育館）", "{}"), (command.Name, command.Reason, command.ArgsJson));
        Assert.True(command.IsSealedBy(Secret, LockId));
        Assert.False(command.IsSealedBy(Secret, "aoba/lock-08"));
        Assert.False((command with { ExpiresAt = command.ExpiresAt.AddMinutes(1) }).IsSealedBy(Secret, LockId));
        Assert.False((command with { Id = "again" }).IsSealedBy(Secret, LockId));
        Assert.False((command with { Reason = "x" }).IsSealedBy(Secret, LockId));
        Assert.False((command with { MacHex = null }).IsSealedBy(Secret, LockId));
        Assert.Equal(Encoding.UTF8.GetString(Golden.Read("command.json")), Encoding.UTF8.GetString(command.Write("aoba", "lock-07")));
    }

    [Fact]
    public void Lock_events_equal_their_goldens_and_pass_the_check()
    {
        DateTimeOffset at = new(2026, 5, 11, 9, 30, 0, TimeSpan.FromHours(9));
        (string Name, FieldEvent Event, long Sequence)[] all =
        [
            ("event-command-result.json", new CommandResult("cmd-2026-0511-000001", CommandOutcome.Done).ToEvent(), 10),
            ("event-lock-unlocked.json", new LockEvent(LockEventKinds.Unlocked) { By = "grant", GrantId = "b-2026-0511-1" }.ToEvent(), 11),
            ("event-lock-tamper.json", new LockEvent(LockEventKinds.Tamper) { Cause = "pin-guessing", Failures = 5, DelaySeconds = 30 }.ToEvent(), 12),
        ];
        foreach ((string name, FieldEvent happened, long sequence) in all)
        {
            byte[] written = happened.Write("aoba", "lock-07", sequence, at);
            Assert.Equal(Encoding.UTF8.GetString(Golden.Read(name)), Encoding.UTF8.GetString(written));
            Assert.Empty(Golden.Errors("event", written, "field/v1/aoba/lock-07/up/event"));
        }

        Assert.Equal(new CommandResult("cmd-2026-0511-000001", CommandOutcome.Done), CommandResult.From(all[0].Event));
        Assert.Null(CommandResult.From(all[1].Event));
    }

    [Fact]
    public void Secret_file_is_for_its_owner_only()
    {
        using Store.TempFolder folder = new();
        string path = folder.Path("lock-secret");
        LockSecret secret = LockSecret.Generate();
        secret.Save(path);
        Assert.Equal(secret.Mac("x"), LockSecret.Load(path).Mac("x"));
        LockSecret next = LockSecret.Generate();
        next.Save(path);
        Assert.Equal(next.Mac("x"), LockSecret.Load(path).Mac("x"));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
            Assert.Contains("chmod 600", Assert.Throws<FieldException>(() => LockSecret.Load(path)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Secrets_and_PINs_print_nothing()
    {
        using PinEntry pin = Pin("482913");
        Assert.Equal("PIN(***)", $"{pin}");
        Assert.Equal("LockSecret(***)", $"{Secret}");
        FieldException error = Assert.Throws<FieldException>(() => LockSecret.FromHex("0123456789"));
        Assert.DoesNotContain("0123456789", error.ToString(), StringComparison.Ordinal);
        Assert.Null(PinEntry.TryCreate("12a4"));
        Assert.Null(PinEntry.TryCreate("123"));
        Assert.Null(PinEntry.TryCreate("1234567890123"));
        Assert.Null(PinEntry.TryCreate("１２３４"));
        pin.Dispose();
        Assert.All(pin.Digits.ToArray(), d => Assert.Equal(0, d));
    }

    private static IEnumerable<bool> Accepting(LockGrants list, string digits)
    {
        using PinEntry pin = Pin(digits);
        return [.. list.Grants.Select(g => g.Accepts(Secret, LockId, pin))];
    }

    private static PinEntry Pin(string digits) => PinEntry.TryCreate(digits)!;

    private static string Digits(int truncated, int count)
    {
        byte[] digits = new byte[count];
        KeyBoxCode.WriteDigits(truncated, digits);
        return Encoding.ASCII.GetString(digits);
    }

    private static DateTimeOffset Time(string text)
    {
        Assert.True(WireTime.TryParse(text, out DateTimeOffset time));
        return time;
    }
}
