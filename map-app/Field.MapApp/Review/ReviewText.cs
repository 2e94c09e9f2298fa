using System.Globalization;
using Field.Contracts.Tracks;
using Field.Geo.Linear;
using Field.Geo.Review;
using Field.MapApp.Forms;
using Field.Vision.Quality;

namespace Field.MapApp.Review;

/// <summary>A review in words: one sentence that says what to do, then the list.</summary>
internal sealed class ReviewText(bool japanese, TimeZoneInfo zone)
{
    private const int MostPlaces = 3;
    private const int MostNames = 20;
    private const int MostParts = 2;
    private const double WholeShare = 0.8;

    /// <summary>What the crew has to know.</summary>
    public string Sentence(FlightReview review)
    {
        string useless = string.Join(Pick("、", ", "), review.Useless.Select(u => Count(u.Code, u.Count)));
        string also = useless.Length > 0 ? useless + Pick("。", ". ") : "";
        return review.Verdict switch
        {
            FlightVerdict.Wait => Pick(
                $"{also}まだ調べていない写真が{review.Waiting}枚あります。結果が出るまで片付けないでください。",
                $"{also}{review.Waiting} photos have not been looked at yet. Do not pack up before they are."),
            FlightVerdict.PhotosOnly => Pick(
                "ぶれや露出の失敗はありません。撮り残しは調べていません。対象（橋・堤防・道路か計画）を選んで、片付ける前に調べてください。",
                "No photo is blurred or wrongly exposed, but whether something is missing was not checked. Choose what was to be photographed (a bridge, levee, road or plan) and check before you pack up."),
            FlightVerdict.Done => useless.Length == 0
                ? Pick("すべて撮れています。片付けて構いません。", "Everything is there. You may pack up.")
                : Pick($"すべて撮れています（{useless}の所は、ほかの写真に写っています）。片付けて構いません。", $"Everything is there ({useless}, but others show the same). You may pack up."),
            _ when review.Coverage is { } coverage => Missing(coverage, review.Target!, also),
            _ => Pick(
                $"{useless}。もう一度飛んでください。撮り残しは調べていません。", $"{useless}. Fly again. Whether something is missing was not checked."),
        };
    }

    private string Missing(CoverageReport coverage, ReviewTarget target, string also)
    {
        string percent = (Math.Floor((coverage.Share ?? 0) * 1000) / 10).ToString("0.#", CultureInfo.InvariantCulture);
        string where = Where(coverage);
        return Pick(
            $"{target.Name ?? "計画"}の{percent}%を撮影。{where}が写っていません。{also}もう一度飛んでください。",
            $"{percent}% of {target.Name ?? "the plan"} is there. Not shown: {where}. {also}Fly again.");
    }

    /// <summary>The rest, a line each.</summary>
    public IEnumerable<string> List(FlightReview review)
    {
        yield return Pick($"写真 {review.Photos.Count} 枚", $"{review.Photos.Count} photos");
        foreach (string line in Timeline(review).Concat(Coverage(review)).Concat(Retake(review)))
        {
            yield return line;
        }

        foreach ((string code, int count) in review.Useless)
        {
            yield return $"{Count(code, count)}: {Names(review.Photos.Where(p => p.Codes.Contains(code)))}";
        }

        FlightPhoto[] unjudged = [.. review.Photos.Where(p => p.Sharpness is null && p.Codes.Count == 0)];
        if (unjudged.Length > 0)
        {
            yield return Pick($"模様がなく、ぶれを判定できない写真 {unjudged.Length} 枚: {Names(unjudged)}", $"{unjudged.Length} photos without any texture to judge sharpness by: {Names(unjudged)}");
        }

        foreach (string line in Places(review))
        {
            yield return line;
        }
    }

    private string Where(CoverageReport coverage)
    {
        if (coverage.Gaps.Count == 0)
        {
            return string.Join(Pick("、", ", "), Runs(coverage.Missed));
        }

        string[] all = [.. coverage.Gaps.Select(Gap).Distinct()]; // two gaps on one side of a part are one place
        string[] places = all[..Math.Min(all.Length, MostPlaces)];
        int more = all.Length - places.Length;
        return string.Join(Pick("、", ", "), places) + (more > 0 ? Pick($"、ほか{more}か所", $" and {more} more") : "");
    }

    /// <summary>Where a gap is.</summary>
    public string Gap(CoverageGap gap) =>
        gap.Parts.Count > 0 ? Parts(gap.Parts)
        : gap.Face is { } face ? Face(gap, face)
        : gap.Stretch is { } stretch ? MarkText.Format(stretch, japanese)
        : gap.FromM is { } from && gap.ToM is { } to ? Pick($"起点から {from:0}～{to:0} m", string.Create(CultureInfo.InvariantCulture, $"{from:0} to {to:0} m from the start"))
        : string.Create(CultureInfo.InvariantCulture, $"{gap.Shape.InteriorPoint.X:0.00000},{gap.Shape.InteriorPoint.Y:0.00000}{Pick($" の {gap.AreaM2:0} m²", $" ({gap.AreaM2:0} m²)")}");

    /// <summary>右側の側面、起点から 12～18 m、離陸地点からの高さ 3～5 m.</summary>
    private string Face(CoverageGap gap, FaceSpan face)
    {
        string along = Pick($"起点から {gap.FromM:0}～{gap.ToM:0} m", string.Create(CultureInfo.InvariantCulture, $"{gap.FromM:0} to {gap.ToM:0} m from the start"));
        return face.IsRight switch
        {
            true => Pick("右側の側面（", "right face (") + along + High(),
            false => Pick("左側の側面（", "left face (") + along + High(),
            null => Pick("下面（", "underside (") + along + Across(),
        };

        string High() => string.Create(CultureInfo.InvariantCulture, $"{Pick("、離陸地点からの高さ ", ", ")}{face.LowM:0.#}{Pick("～", " to ")}{face.HighM:0.#}{Pick(" m）", " m above take-off)")}");

        string Across() => face.LowM >= 0 ? Pick("、中心線より右）", ", right of the centre line)")
            : face.HighM <= 0 ? Pick("、中心線より左）", ", left of the centre line)")
            : Pick("）", ")");
    }

    /// <summary>橋脚P0201の下流側、床版Ds0201 ほか2部材.</summary>
    private string Parts(IReadOnlyList<PartGap> parts)
    {
        int more = parts.Count - MostParts;
        return string.Join(Pick("、", ", "), parts.Take(MostParts).Select(Part)) + (more > 0 ? Pick($" ほか{more}部材", $" and {more} more members") : "");
    }

    private string Part(PartGap gap)
    {
        string member = DamageWords.Member(gap.Part.Code, japanese);
        string word = gap.Part.Name is { } name && (japanese || member.Length == 0) ? name : member;
        string part = word.Contains(gap.Part.Code, StringComparison.Ordinal) ? word : $"{word}{Pick("", word.Length > 0 ? " " : "")}{gap.Part.Code}";
        return gap.Side is { } side ? Side(part, side) : gap.Share < WholeShare ? Pick($"{part}の一部", $"a part of {part}") : part;
    }

    private string Side(string part, PartSide side) => side switch
    {
        PartSide.Upstream => Pick($"{part}の上流側", $"upstream side of {part}"),
        PartSide.Downstream => Pick($"{part}の下流側", $"downstream side of {part}"),
        PartSide.LeftBank => Pick($"{part}の左岸側", $"left bank side of {part}"),
        PartSide.RightBank => Pick($"{part}の右岸側", $"right bank side of {part}"),
        PartSide.North => Pick($"{part}の北側", $"north side of {part}"),
        PartSide.East => Pick($"{part}の東側", $"east side of {part}"),
        PartSide.South => Pick($"{part}の南側", $"south side of {part}"),
        _ => Pick($"{part}の西側", $"west side of {part}"),
    };

    private IEnumerable<string> Coverage(FlightReview review)
    {
        if (review.Coverage is not { } coverage)
        {
            yield return Pick(
                "撮り残しは未確認。--plan（./field route の --out）か、--assets と --target（台帳の橋・堤防・道路）を指定すると調べます",
                "not checked for what is missing: give --plan (the folder of ./field route), or --assets and --target (a bridge, levee or road of the ledger)");
            yield break;
        }

        foreach (CoverageGap gap in coverage.Gaps)
        {
            yield return Pick($"写っていない所: {Gap(gap)}（長さ {N(gap.LengthM)} m、{N(gap.AreaM2)} m²）", $"not shown: {Gap(gap)} ({N(gap.LengthM)} m long, {N(gap.AreaM2)} m²)");
        }

        if (coverage.TwiceShare is { } twice)
        {
            yield return Pick($"2 枚以上に写る範囲 {N(Math.Floor(twice * 1000) / 10)} %", $"{N(Math.Floor(twice * 1000) / 10)} % is in two or more photos");
        }

        if (coverage.LeastOverlap is { } least)
        {
            yield return Pick($"続く写真の重なり 最小 {N(least * 100)} %", $"least overlap of photos that follow one another {N(least * 100)} %");
        }
    }

    private IEnumerable<string> Retake(FlightReview review)
    {
        MissedPhoto[] needed = [.. review.Coverage?.Missed.Where(m => m.Needed) ?? []];
        if (needed.Length > 0)
        {
            yield return Pick($"撮り直す写真 {needed.Length} 枚: ", $"{needed.Length} photos to take again: ") + string.Join(Pick("、", ", "), Runs(needed));
        }
    }

    /// <summary>Photos of a track that follow one another, as one.</summary>
    private IEnumerable<string> Runs(IEnumerable<MissedPhoto> missed)
    {
        List<(PlannedPhoto First, int Last)> runs = [];
        foreach (PlannedPhoto photo in missed.Select(m => m.Photo))
        {
            if (runs.Count > 0 && runs[^1].First.Track == photo.Track && runs[^1].Last == photo.Number - 1)
            {
                runs[^1] = (runs[^1].First, photo.Number);
            }
            else
            {
                runs.Add((photo, photo.Number));
            }
        }

        return runs.Select(r =>
        {
            string numbers = r.Last == r.First.Number ? $"{r.Last}" : Pick($"{r.First.Number}～{r.Last}", $"{r.First.Number}-{r.Last}");
            string flight = r.First.Flight is { } f ? Pick($"飛行 {f} ", $"flight {f} ") : "";
            return Pick($"{flight}経路 {r.First.Track} の {numbers} 枚目", $"{flight}track {r.First.Track} photo {numbers}");
        });
    }

    private IEnumerable<string> Timeline(FlightReview review)
    {
        if (review.Timeline is not { } t)
        {
            yield return Pick("撮影時刻のある写真がありません", "no photo says when it was taken");
            yield break;
        }

        string rate = t.PhotosPerMinute is { } r ? Pick($"、毎分 {N(r)} 枚", $", {N(r)} photos a minute") : "";
        yield return Pick($"撮影 {Clock(t.First)}～{Clock(t.Last)}{rate}", $"taken {Clock(t.First)} to {Clock(t.Last)}{rate}");
        foreach (FlightPause pause in t.Pauses)
        {
            string what = pause.IsBatteryChange ? Pick("中断（電池交換か）", "pause (battery change?)") : Pick("中断", "pause");
            yield return $"  {Clock(pause.From)}～{Clock(pause.To)} {what} {N((pause.To - pause.From).TotalMinutes)} {Pick("分", "min")}";
        }
    }

    private IEnumerable<string> Places(FlightReview review)
    {
        FlightPhoto[] fromTrack = [.. review.Photos.Where(p => p.FromTrack is { Refusal: TrackRefusal.None })];
        if (fromTrack.Length > 0)
        {
            double error = fromTrack.Max(p => p.FromTrack!.Value.ErrorM);
            yield return Pick(
                $"航跡から位置を入れた写真 {fromTrack.Length} 枚（カメラと記録の時計が同じと仮定。誤差 {N(error)} m 以下の見込み）",
                $"{fromTrack.Length} photos placed by the track (assuming that the clocks of camera and record agree; expected error up to {N(error)} m)");
        }

        foreach (string line in TrackFaults(review.Track))
        {
            yield return line;
        }

        bool looksAtFaces = review.Target?.Faces.Count > 0; // there a photo below the place of take-off is of use
        foreach (var refused in review.Unplaced.Where(p => !looksAtFaces || p.Photo.Stand is null).GroupBy(p => p.FromTrack?.Refusal ?? TrackRefusal.None))
        {
            string names = Names(refused);
            TimeSpan outside = refused.First().FromTrack?.OutsideBy ?? TimeSpan.Zero;
            string why = refused.First().Photo.Camera.Reason == "not-above-takeoff"
                ? Pick("離陸地点より低いので地面に置けません。--ground で地盤の標高を指定してください", "not above the place of take-off; give the ground's elevation with --ground")
                : Refusal(refused.Key, outside);
            yield return Pick($"位置の分からない写真 {refused.Count()} 枚: {why}（{names}）", $"{refused.Count()} photos without a place: {why} ({names})");
        }
    }

    private IEnumerable<string> TrackFaults(FlightTrack? track)
    {
        foreach (var same in (track?.Faults ?? []).GroupBy(f => f.Code))
        {
            string where = string.Join(", ", same.Take(MostNames).Select(f => f.At)) + (same.Count() > MostNames ? ", ..." : "");
            string why = TrackFaultText.Of(same.Key, japanese);
            yield return Pick($"航跡の読めない箇所 {same.Count()}: {why}（行またはバイト位置 {where}）", $"{same.Count()} unreadable parts of the track: {why} (line or byte {where})");
        }

        if (track is not null && track.FaultCount > track.Faults.Count)
        {
            int more = track.FaultCount - track.Faults.Count;
            yield return Pick($"航跡の読めない箇所 ほかに {more}。別の記録を指定してください", $"{more} more unreadable parts of the track: give another record");
        }
    }

    private string Refusal(TrackRefusal refusal, TimeSpan outside) => refusal switch
    {
        TrackRefusal.EmptyTrack => Pick("航跡に位置がありません。別の記録を指定してください", "the track has no place; give another record"),
        TrackRefusal.ClockUnknown => Pick(
            "航跡に日時がありません。--track-start で記録の始まり（動画の最初のコマ、機体の起動）の日時を指定してください",
            "the track has no date; give the time of its beginning (first frame of the video, start of the aircraft) with --track-start"),
        TrackRefusal.NoCaptureTime => Pick("写真に撮影時刻がありません。カメラの日時を設定して撮り直してください", "the photo says no time; set the camera's clock and take it again"),
        TrackRefusal.OutsideTrack => Pick(
            $"撮影時刻が航跡の{(outside < TimeSpan.Zero ? "始まりより" : "終わりより")} {N(Math.Abs(outside.TotalSeconds))} 秒{(outside < TimeSpan.Zero ? "前" : "後")}です。時計のずれを --clock-offset（秒）か --utc-offset で直すか、別の記録を指定してください",
            $"taken {N(Math.Abs(outside.TotalSeconds))} s {(outside < TimeSpan.Zero ? "before the track begins" : "after the track ends")}; correct the clocks with --clock-offset (seconds) or --utc-offset, or give another record"),
        TrackRefusal.TrackGap => Pick("その時刻の航跡が途切れています。別の記録を指定してください", "the track has a hole at that time; give another record"),
        _ => Pick("GPS がありません。--srt か --ulog で飛行の記録を指定してください", "no GPS; give the flight's record with --srt or --ulog"),
    };

    private string Count(string code, int count) => code switch
    {
        QualityCodes.Blurred => Pick($"ぶれた写真{count}枚", $"{count} blurred"),
        QualityCodes.OverExposed => Pick($"白飛びした写真{count}枚", $"{count} over-exposed"),
        QualityCodes.UnderExposed => Pick($"暗すぎる写真{count}枚", $"{count} under-exposed"),
        _ => Pick($"壊れた写真{count}枚", $"{count} damaged"),
    };

    private static string Names(IEnumerable<FlightPhoto> photos)
    {
        string[] names = [.. photos.Select(p => p.Photo.Name)];
        return string.Join(", ", names.Take(MostNames)) + (names.Length > MostNames ? $", ... ({names.Length})" : "");
    }

    private string Clock(DateTimeOffset time) => TimeZoneInfo.ConvertTime(time, zone).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private string Pick(string ja, string en) => japanese ? ja : en;

    private static string N(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);
}
