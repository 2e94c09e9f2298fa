using System.CommandLine;
using System.Globalization;
using Field.Contracts.Tracks;
using Field.Gdal;
using Field.Geo;
using Field.Geo.Linear;
using Field.Geo.Review;
using Field.Ingest.Assets;
using Field.MapApp.Routes;
using NetTopologySuite.Geometries;

namespace Field.MapApp.Review;

/// <summary><c>flight review</c>: tells the crew at hand-over whether they have to fly again. Needs no server and no network.</summary>
internal sealed class FlightCommand
{
    /// <summary>Everything is there.</summary>
    public const int Complete = 0;

    /// <summary>What was given cannot be used.</summary>
    public const int BadInput = 2;

    /// <summary>Something is missing or useless.</summary>
    public const int FlyAgain = 3;

    /// <summary>The photos are of use, but there is no target: whether something is missing was not checked.</summary>
    public const int PhotosOnly = 4;

    private const int ProgressEvery = 25;
    private const long LargestTrackBytes = 2L << 30;

    private readonly Option<string> flight = new("--flight") { HelpName = "DIR", Required = true, Description = "カードまたは写真のフォルダ / Card or folder with the photos." };
    private readonly Option<string?> plan = new("--plan") { HelpName = "DIR", Description = "./field route の --out / Folder that ./field route wrote." };
    private readonly Option<string?> area = new("--area") { HelpName = "FILE", Description = "計画が無いとき: 撮るべき範囲（多角形の GeoJSON）/ Without a plan: GeoJSON with the polygon to be shown." };
    private readonly Option<string?> line = new("--line") { HelpName = "FILE", Description = "計画が無いとき: 回廊の中心線 / Without a plan: GeoJSON with the centre line of a corridor." };
    private readonly Option<string?> asset = new("--target") { HelpName = "ASSET", Description = "計画が無いとき: --assets の橋・堤防・道路（bridge:B-001 など）/ Without a plan: a bridge, levee or road of --assets, such as bridge:B-001." };
    private readonly Option<double> width = new("--width") { HelpName = "M", DefaultValueFactory = _ => AssetTarget.CorridorM, Description = "回廊の幅 / Width of the corridor." };
    private readonly Option<string?> assets = new("--assets") { HelpName = "FILE", Description = "./field assets export の GeoJSON。撮り残しを岸と距離標で示す / Names gaps by bank and distance mark." };
    private readonly Option<string?> srt = new("--srt") { HelpName = "FILE", Description = "GPS のない写真の位置: DJI の字幕 / Places for photos without GPS: DJI's subtitles." };
    private readonly Option<string?> ulog = new("--ulog") { HelpName = "FILE", Description = "同: PX4 の飛行ログ / The same: a PX4 log." };
    private readonly Option<double> clockOffset = new("--clock-offset") { HelpName = "S", Description = "写真の時刻に足すと航跡の時刻になる秒数 / Seconds to add to the photos' time to get the track's." };
    private readonly Option<string?> utcOffset = new("--utc-offset") { HelpName = "+09:00", Description = "時差の無い時刻（写真・字幕）の UTC との差。既定はこの PC / Offset of times that name none. Default: this machine's." };
    private readonly Option<DateTimeOffset?> trackStart = new("--track-start") { HelpName = "TIME", Description = "日時の無い航跡の始まり / When a track without dates began, such as 2026-05-11T09:30:00+09:00." };
    private readonly Option<double> height = new("--height") { HelpName = "M", DefaultValueFactory = _ => 100, Description = "高さの無い写真の対地高度 / Height above ground of photos that say none." };
    private readonly Option<double?> ground = new("--ground") { HelpName = "M", Description = "地盤の標高（写真の GPS 高度の基準で）/ Elevation of the ground in the datum of the photos' altitude." };
    private readonly Option<string> output = new("--out") { HelpName = "DIR", DefaultValueFactory = _ => "flight-review", Description = "review.geojson と review.json のフォルダ / Folder for review.geojson and review.json." };
    private readonly Option<string> language = new("--lang") { HelpName = "ja|en", DefaultValueFactory = _ => "ja", Description = "表示の言語 / Language." };

    private FlightCommand() => language.AcceptOnlyFromAmong("ja", "en");

    public static Command Create()
    {
        FlightCommand own = new();
        Command review = new("review", "撮り残し、ぶれ、露出を調べ、もう一度飛ぶか示します。0 完了、3 再飛行、4 写真のみ（撮り残しは未確認）、2 入力の誤り / What is missing, blurred or wrongly exposed. Exit code 0 complete, 3 fly again, 4 photos only (nothing to compare with), 2 bad input.")
        {
            own.flight, own.plan, own.area, own.line, own.asset, own.width, own.assets, own.srt, own.ulog, own.clockOffset, own.utcOffset, own.trackStart,
            own.height, own.ground, own.output, own.language,
        };
        review.SetAction((result, cancel) => Task.Run(() => own.Run(result, cancel), cancel));
        return new Command("flight", "撮影した飛行 / Flights that were flown.") { review };
    }

    private int Run(ParseResult result, CancellationToken cancel)
    {
        bool japanese = result.GetValue(language) == "ja";
        TextWriter error = TextWriter.Synchronized(result.InvocationConfiguration.Error);
        try
        {
            TimeZoneInfo zone = Zone(result.GetValue(utcOffset));
            string? file = result.GetValue(assets);
            IReadOnlyList<LedgerAsset> ledger = file is null ? [] : TargetReader.Assets(file);
            ReviewTarget? target = Target(result, ledger);
            LeveeNetwork? levees = file is null ? null : result.GetValue(asset) is null ? TargetReader.Levees(file, ledger) : AssetTarget.Levees(ledger);
            FlightTrack? track = Track(result, zone);
            TrackPlacement? placement = track is null ? null : new TrackPlacement(track, Seconds(result.GetValue(clockOffset)));
            FlightReader reader = new(zone, placement, Assumptions(result));
            string folder = result.GetRequiredValue(flight);
            if (!Directory.Exists(folder))
            {
                throw new FlightInputException(FlightFault.NoFolder(folder));
            }

            FlightReview review = FlightReview.Of(reader.Read(folder, (done, all) => Progress(error, japanese, done, all), cancel), target, levees, track);
            ReviewText[] texts = [new(true, zone), new(false, zone)];
            ReviewFiles.Write(result.GetRequiredValue(output), review, texts[0], texts[1]);
            Print(result.InvocationConfiguration.Output, review, texts[japanese ? 0 : 1]);
            return review.Verdict switch
            {
                FlightVerdict.Done => Complete,
                FlightVerdict.PhotosOnly => PhotosOnly,
                _ => FlyAgain,
            };
        }
        catch (FlightInputException e)
        {
            error.WriteLine(e.Text(japanese));
        }
        catch (RouteInputException e)
        {
            error.WriteLine(e.Text(japanese));
        }
        catch (GdalException e)
        {
            error.WriteLine(e.Message);
        }

        return BadInput;
    }

    private static void Print(TextWriter writer, FlightReview review, ReviewText text)
    {
        writer.WriteLine(text.Sentence(review));
        foreach (string line in text.List(review))
        {
            writer.WriteLine(line);
        }
    }

    private static void Progress(TextWriter error, bool japanese, int done, int all)
    {
        if (all > ProgressEvery && (done % ProgressEvery == 0 || done == all))
        {
            error.WriteLine(japanese ? $"写真を調べています {done}/{all}" : $"looking at photos {done}/{all}");
        }
    }

    private ReviewTarget? Target(ParseResult result, IReadOnlyList<LedgerAsset> ledger)
    {
        string?[] given = [result.GetValue(plan), result.GetValue(area), result.GetValue(line), result.GetValue(asset)];
        if (given.Count(g => g is not null) > 1)
        {
            throw new FlightInputException(FlightFault.OneTarget);
        }

        double metres = result.GetValue(width);
        if (metres is not (>= 1 and <= 5000))
        {
            throw new FlightInputException(FlightFault.Width(metres));
        }

        return given switch
        {
            [{ } route, ..] => TargetReader.Plan(route),
            [_, { } polygon, ..] => new ReviewTarget { Area = RouteInput.Area(polygon) },
            [_, _, { } centre, _] => ReviewTarget.Corridor(GeometryFactory.Default.CreateLineString([.. RouteInput.Line(centre).Select(p => new Coordinate(p.Lon, p.Lat))]), metres),
            [_, _, _, { } id] => result.GetValue(assets) is null
                ? throw new FlightInputException(FlightFault.AssetsNeeded)
                : AssetTarget.Of(ledger, id, metres),
            _ => null,
        };
    }

    private FlightTrack? Track(ParseResult result, TimeZoneInfo zone)
    {
        (string? subtitles, string? log) = (result.GetValue(srt), result.GetValue(ulog));
        if (subtitles is not null && log is not null)
        {
            throw new FlightInputException(FlightFault.OneTrack);
        }

        if ((subtitles ?? log) is not { } path)
        {
            return null;
        }

        FlightTrack track = ReadTrack(path, subtitles is not null, zone);
        if (track.Points.Count == 0)
        {
            throw new FlightInputException(FlightFault.NoPosition(path, Faults(track, japanese: true), Faults(track, japanese: false)));
        }

        return track.Clock == TrackClock.Unknown && result.GetValue(trackStart) is { } start ? track.StartingAt(start) : track;
    }

    private static string Faults(FlightTrack track, bool japanese)
    {
        string faults = string.Join(", ", track.Faults.Take(5).Select(f => $"{f.At}: {TrackFaultText.What(f.Code, japanese)}"));
        return faults.Length > 0 ? faults : japanese ? "空のファイル" : "empty file";
    }

    private static FlightTrack ReadTrack(string path, bool isSrt, TimeZoneInfo zone)
    {
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
            if (stream.Length > LargestTrackBytes)
            {
                throw new FlightInputException(FlightFault.TrackTooLarge(path));
            }

            if (!isSrt)
            {
                return UlogReader.Read(stream).Track;
            }

            using StreamReader reader = new(stream);
            return SrtTrack.Parse(reader, zone.BaseUtcOffset);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FlightInputException(FlightFault.Unreadable(path, e.Message), e);
        }
    }

    private CameraAssumptions Assumptions(ParseResult result)
    {
        (double metres, double? elevation) = (result.GetValue(height), result.GetValue(ground));
        return metres is >= 1 and <= 10_000 && elevation is null or (>= -1000 and <= 10_000)
            ? new CameraAssumptions(metres, elevation)
            : throw new FlightInputException(FlightFault.Heights);
    }

    private static TimeSpan Seconds(double seconds) =>
        Math.Abs(seconds) <= 400 * 86_400.0 ? TimeSpan.FromSeconds(seconds) : throw new FlightInputException(FlightFault.ClockOffset);

    private static TimeZoneInfo Zone(string? offset)
    {
        if (offset is null)
        {
            return TimeZoneInfo.Local;
        }

        return TimeSpan.TryParseExact(offset.TrimStart('+', '-'), ["hh\\:mm", "h\\:mm"], CultureInfo.InvariantCulture, out TimeSpan span) && span <= TimeSpan.FromHours(14)
            ? TimeZoneInfo.CreateCustomTimeZone("given", offset.StartsWith('-') ? -span : span, "given", "given")
            : throw new FlightInputException(FlightFault.UtcOffset(offset));
    }
}
