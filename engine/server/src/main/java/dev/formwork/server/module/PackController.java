package dev.formwork.server.module;

import dev.formwork.model.module.FileTree;
import dev.formwork.server.api.Answers;
import dev.formwork.server.api.ApiJson;
import dev.formwork.server.shard.Peers;
import dev.formwork.workflow.shard.Shard;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

import java.util.Map;

/// Takes packs, and lists them.
@Controller("/api/v1/packs")
@ExecuteOn(TaskExecutors.BLOCKING)
final class PackController {
    private final PackStore packs;
    private final Peers peers;

    PackController(PackStore packs, Peers peers) {
        this.peers = peers;
        this.packs = packs;
    }

    @Get
    HttpResponse<byte[]> list() {
        return Answers.items(packs.all().stream().map(PackView::of).toList());
    }

    @Post
    @Consumes(MediaType.APPLICATION_JSON)
    HttpResponse<byte[]> upload(HttpRequest<byte[]> request) {
        Files files = ApiJson.read(request.getBody(), Files.class);
        return upload(request, Upload.ofBase64(files.files()));
    }

    @Post
    @Consumes("application/zip")
    HttpResponse<byte[]> uploadZip(HttpRequest<byte[]> request) {
        return upload(request, Upload.ofZip(request.getBody().orElse(new byte[0])));
    }

    /// One engine keeps the list of packs.
    private HttpResponse<byte[]> upload(HttpRequest<byte[]> request, FileTree files) {
        return peers.answer(
                request, Shard.FIRST, () -> Answers.created(PackView.of(packs.upload(files))));
    }

    private record Files(Map<String, String> files) {}
}
