using Field.Contracts;
using Field.Contracts.Locks;
using FsCheck;
using FsCheck.Fluent;

namespace Field.Tests.Contracts;

/// <summary>What any writer writes, the parser reads back.</summary>
public sealed class WirePropertyTests
{
    // A double counts seconds since 1970 in steps of 2.4e-7: half a step when written, half when read, and the tick's own rounding.
    private static readonly TimeSpan MaxTimeError = TimeSpan.FromTicks(4);

    private static readonly UpTopic StatusTopic = new("aoba", "drone-01", UpChannel.Status);

    private static Gen<double> Degrees { get; } = Gen.Choose(-1_800_000_000, 1_800_000_000).Select(n => n / 1e7);

    private static Gen<DateTimeOffset> Times { get; } =
        from seconds in Gen.Choose(0, int.MaxValue)
        from ticks in Gen.Choose(0, 9_999_999)
        from quarters in Gen.Choose(-48, 56)
        select DateTimeOffset.UnixEpoch.AddSeconds(seconds).AddTicks(ticks).ToOffset(TimeSpan.FromMinutes(15 * quarters));

    private static Gen<GeoPoint?> Places { get; } =
        from lon in Degrees
        from lat in Degrees
        from altitude in Optional(Gen.Choose(-1_000_000, 9_000_000).Select(n => n / 1000.0))
        from place in Optional(Gen.Constant(new GeoPoint(lon, lat / 2, altitude)))
        select place;

    private static Gen<string> Names { get; } =
        from length in Gen.Choose(1, 40)
        from characters in Gen.ArrayOf(Gen.Elements([.. "abcXYZ019 .-_\"<>&'堤防橋梁é\u2028\t\n😀".EnumerateRunes()]), length)
        select "x" + string.Concat(characters);

    private static Gen<CameraMetadata> Cameras { get; } =
        from make in OptionalText(Names)
        from width in Optional(Gen.Choose(0, 100_000))
        from focal in Optional(Gen.Choose(1, 100_000).Select(n => n / 100.0))
        from yaw in Optional(Degrees)
        from pitch in Optional(Degrees)
        from altitude in Optional(Gen.Choose(-100_000, 9_000_000).Select(n => n / 1000.0))
        from rtk in Optional(Gen.Choose(0, 255))
        from error in Optional(Gen.Choose(0, 1_000_000).Select(n => n / 1000.0))
        select new CameraMetadata
        {
            Make = make,
            Model = make,
            WidthPx = width,
            HeightPx = width,
            ExifWidthPx = width,
            FocalMm = focal,
            Focal35Mm = focal,
            FocalPlaneXResolution = focal,
            FocalPlaneUnitMm = focal is null ? null : 25.4,
            CalibratedFocalPx = focal,
            GpsAltitudeM = altitude,
            RelativeAltitudeM = altitude,
            GimbalYawDeg = yaw,
            GimbalPitchDeg = pitch,
            GimbalRollDeg = yaw,
            FlightYawDeg = pitch,
            FlightPitchDeg = yaw,
            FlightRollDeg = pitch,
            GpsTrackDeg = yaw,
            RtkFlag = rtk,
            AltitudeType = make,
            RtkStdLonM = error,
            RtkStdLatM = error,
            RtkStdHeightM = error,
            LaserDistanceM = focal,
            SurfaceHeightM = altitude,
            SurfaceErrorM = error,
        };

    [Fact]
    public void Manifest_written_is_read_back()
    {
        Gen<PhotoManifest> manifests =
            from name in Names
            from chunkBytes in Gen.Choose(PhotoManifest.MinChunkBytes, PhotoChunk.MaxDataBytes)
            from size in Gen.Choose(1, 4 * 1024 * 1024)
            from place in Places
            from time in Optional(Times)
            from camera in Cameras
            select new PhotoManifest(Golden.PhotoId, name, size, chunkBytes, place, time, time?.Second == 0, camera);
        Check(manifests.Where(m => m.ChunkCount <= Topics.MaxChunks), m =>
            PhotoManifest.Parse(m.Write("aoba", "drone-01", 7, Golden.ReceivedAt), Golden.ManifestTopic).Value == m);
    }

    [Fact]
    public void Camera_written_is_read_back_from_the_store() => Check(Cameras, camera =>
    {
        using MemoryStream buffer = new();
        using (System.Text.Json.Utf8JsonWriter writer = new(buffer))
        {
            CameraJson.Write(writer, camera);
        }

        return CameraJson.Read(System.Text.Encoding.UTF8.GetString(buffer.ToArray())) == camera;
    });

    [Fact]
    public void Status_written_is_read_back()
    {
        Gen<DeviceStatus> all =
            from online in Gen.Elements(true, false)
            from kind in OptionalText(Gen.Elements("drone", "lock", "tablet", "sensor"))
            from place in Places
            from firmware in OptionalText(Names)
            from battery in Optional(Gen.Choose(0, 1000).Select(n => n / 10.0))
            from depth in Optional(Gen.Choose(0, int.MaxValue).Select(n => (long)n))
            select new DeviceStatus(online, kind, place, firmware, battery, depth);
        Check(all, s => DeviceStatus.Parse(s.Write("aoba", "drone-01", 7, Golden.ReceivedAt), StatusTopic).Value?.Body == s);
    }

    [Fact]
    public void Envelope_time_and_sequence_are_read_back()
    {
        Gen<(DateTimeOffset Time, long Sequence)> all =
            from time in Times
            from high in Gen.Choose(0, int.MaxValue)
            from low in Gen.Choose(1, int.MaxValue)
            select (time, ((long)high << 31) | (uint)low);
        Check(all, x =>
        {
            byte[] bytes = new DeviceStatus(true).Write("aoba", "drone-01", x.Sequence, x.Time);
            Envelope? read = DeviceStatus.Parse(bytes, StatusTopic).Value?.Envelope;
            return read is not null && read.Time.EqualsExact(x.Time) && read.Sequence == x.Sequence;
        });
    }

    [Fact]
    public void Receipt_written_is_read_back()
    {
        Gen<ChunkRange> ranges = from first in Gen.Choose(0, Topics.MaxChunks - 1)
                                 from last in Gen.Choose(first, Topics.MaxChunks - 1)
                                 select new ChunkRange(first, last);
        Gen<Receipt> all =
            from outcome in Gen.Elements(ReceiptOutcome.Stored, ReceiptOutcome.Incomplete, ReceiptOutcome.Rejected)
            from size in Gen.Choose(1, (int)PhotoManifest.MaxSizeBytes)
            from duplicate in Gen.Elements(true, false)
            from missing in Gen.ArrayOf(ranges)
            from detail in OptionalText(Names)
            select outcome switch
            {
                ReceiptOutcome.Stored => new Receipt(Golden.PhotoId, outcome, size, duplicate),
                ReceiptOutcome.Incomplete => new Receipt(Golden.PhotoId, outcome, Missing: missing, Detail: detail),
                _ => new Receipt(Golden.PhotoId, outcome, Reason: ErrorCodes.HashMismatch, Detail: detail),
            };
        Check(all, receipt =>
        {
            Receipt? read = Receipt.Parse(receipt.Write("aoba", Golden.ReceivedAt, "r")).Value;
            return read is not null && read with { Missing = null } == receipt with { Missing = null }
                && (read.Missing ?? []).SequenceEqual(receipt.Missing ?? []);
        });
    }

    [Fact]
    public void Command_written_is_read_back_and_keeps_its_seal()
    {
        LockSecret secret = LockSecret.Generate();
        Gen<DeviceCommand> all =
            from time in Times
            from seconds in Gen.Choose(1, 86_400)
            from reason in Names
            from args in Gen.Elements("{}", """{"a":[1,2.50,"橋"]}""", """{ "b" : null }""")
            select new DeviceCommand("c-1", "lock.open", OneLine(reason), time, time.AddSeconds(seconds), args).Sealed(secret, "aoba/lock-07");
        Check(all, c =>
        {
            DeviceCommand? read = DeviceCommand.Parse(c.Write("aoba", "lock-07"), "aoba", "lock-07").Value;
            return read == c && read.IsSealedBy(secret, "aoba/lock-07");
        });
    }

    [Fact]
    public void Grants_written_are_read_back_and_keep_their_seal()
    {
        LockSecret secret = LockSecret.Generate();
        Gen<LockGrant> grants =
            from start in Gen.Choose(0, 1_000_000)
            from length in Gen.Choose(1, 24)
            from oneTime in Gen.Elements(true, false)
            from label in OptionalText(Names)
            from pin in OptionalText(Gen.Constant(new string('a', 64)))
            let begin = DateTimeOffset.UnixEpoch.AddMinutes(30L * start)
            select new LockGrant(
                "g", new Slot(begin, begin.AddMinutes(30 * length)), pin is null ? null : new PinHash(20_000, pin[..32], pin), oneTime, label is null ? null : OneLine(label));
        Gen<LockGrants> all =
            from list in Gen.ArrayOf(grants)
            from version in Gen.Choose(1, int.MaxValue)
            from time in Times
            select new LockGrants(version, time, [.. list.Take(100).Select((g, i) => g with { GrantId = $"g-{i}" })]).Sealed(secret, "aoba/lock-07");
        Check(all, l =>
        {
            LockGrants? read = LockGrants.Parse(l.Write("aoba", "lock-07"), "aoba", "lock-07").Value;
            return read is not null && read.Grants.SequenceEqual(l.Grants) && read.Version == l.Version && read.IsSealedBy(secret, "aoba/lock-07");
        });
    }

    [Fact]
    public void SenML_resolved_is_the_same_when_resolved_again()
    {
        Gen<Measurement> records =
            from time in Gen.Choose(1 << 28, int.MaxValue)
            from ticks in Gen.Choose(0, 9_999_999)
            from kind in Gen.Choose(0, 4)
            from number in Degrees
            from text in Names
            select new Measurement(
                "m:1",
                DateTimeOffset.UnixEpoch.AddSeconds(time).AddTicks(ticks),
                kind == 0 ? "Cel" : null,
                Value: kind == 0 ? number : null,
                Text: kind == 1 ? text : null,
                Flag: kind == 2 ? number > 0 : null,
                DataBase64: kind == 3 ? "aGkgCg" : null,
                Sum: kind == 4 ? number : null);
        Check(Gen.NonEmptyListOf(records), list =>
        {
            SenMLPack? first = SenMLPack.Parse(new SenMLPack([.. list], 5).Write(), Golden.ReceivedAt).Value;
            SenMLPack? second = first is null ? null : SenMLPack.Parse(first.Write(), Golden.ReceivedAt.AddDays(9)).Value;
            return second?.Sequence == 5 && second.Measurements.SequenceEqual(first!.Measurements)
                && first.Measurements.Zip(list).All(p => (p.First with { Time = default }) == (p.Second with { Time = default })
                    && (p.First.Time - p.Second.Time).Duration() <= MaxTimeError);
        });
    }

    [Fact]
    public void Chunk_with_any_flipped_bit_is_refused()
    {
        byte[] golden = Golden.Read("chunk.bin");
        for (int bit = 0; bit < golden.Length * 8; bit++)
        {
            byte[] damaged = [.. golden];
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotNull(PhotoChunk.Check(damaged, 3, null));
        }
    }

    private static string OneLine(string text) => string.Concat(text.Where(c => !char.IsControl(c)));

    private static Gen<T?> Optional<T>(Gen<T> gen)
        where T : struct => Gen.Frequency((1, Gen.Constant<T?>(null)), (3, gen.Select(v => (T?)v)));

    private static Gen<string?> OptionalText(Gen<string> gen) =>
        Gen.Frequency((1, Gen.Constant<string?>(null)), (3, gen.Select(v => (string?)v)));

    private static void Check<T>(Gen<T> gen, Func<T, bool> holds) => FsCheck.Fluent.Prop.ForAll(gen.ToArbitrary(), holds)
        .Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(20_261_121, 7));
}
